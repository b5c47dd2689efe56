export { type CompleteSettings, loadSettings, type Settings, SettingsError } from './settings.js';
