export { databaseAddress } from './database-address.js';
export { loadSettings, SettingsError } from './settings.js';

//# sourceMappingURL=index.js.map
