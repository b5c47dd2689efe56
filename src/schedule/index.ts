export { isSchedule, newestSlot, nextSlot, type Schedule } from './slots.rules.js';
export { scheduleWarnings } from './warnings.rules.js';
