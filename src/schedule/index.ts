export { isSchedule, newestSlot, nextSlot } from './slots.rules.js';
export { scheduleWarnings } from './warnings.rules.js';
