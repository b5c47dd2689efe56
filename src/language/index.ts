export { formatBytes, formatFiles, formatInstant, timeLeft } from './format.rules.js';
export { say } from './say.js';
