export { parseAddress } from './address.rules.js';
export { PersonsStore } from './persons.store.js';
export { PersonsModule } from './persons.module.js';
