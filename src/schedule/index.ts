export { type QuietTimes, WEEKDAYS } from './quiet-times.rules.js';
export { isSchedule, newestSlot, nextSlot } from './slots.rules.js';
export { scheduleWarnings } from './warnings.rules.js';
