export { clientTimeOf, clockSkewSeconds, clockWarning } from './client-clock.rules.js';
export { Clock, TimeModule } from './clock.js';
export { durationMs, durationSeconds } from './duration.rules.js';
export { isTimeZone, knownZone, wallClock, zonedIso } from './zone.rules.js';
export { pause } from './pause.js';
