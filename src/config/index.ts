export { databaseAddress } from './database-address.js';
export { type CompleteSettings, loadSettings, type Settings, SettingsError } from './settings.js';
