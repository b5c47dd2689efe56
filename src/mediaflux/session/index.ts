export { type CallOptions, type Credentials, MediafluxSession } from './session.js';
