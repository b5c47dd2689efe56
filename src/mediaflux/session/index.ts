export type { Credentials } from './account.js';
export type { CallOptions } from './attempts.js';
export { MediafluxSession, type SameSession, type SessionState } from './session.js';
