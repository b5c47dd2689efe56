export { departures, type QuietTimes, WEEKDAYS } from './quiet-times.rules.js';
export { isSameSlot, isSchedule, newestSlot, nextSlot, type Schedule, slotLabel } from './slots.rules.js';
export { scheduleWarnings } from './warnings.rules.js';
