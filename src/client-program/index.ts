export { ClientProgramModule } from './client-program.module.js';
