export { ProgramLogger } from './logger.js';
export { redact } from './redaction.rules.js';
