export type { Credentials } from './account.js';
export type { CallOptions } from './attempts.js';
export { MediafluxSession, type SameSession } from './session.js';
