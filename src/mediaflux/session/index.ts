export { type CallOptions, type Credentials, MediafluxSession, type SessionState } from './session.js';
