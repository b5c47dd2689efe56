export { ProgramLogger } from './logger.js';
