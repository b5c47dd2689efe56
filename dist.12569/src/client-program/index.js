export { ClientProgramModule } from './client-program.module.js';

//# sourceMappingURL=index.js.map
