export { AppError } from './app-error.js';
export { Conflict, InvalidFields, NotFound, Unavailable } from './common.errors.js';
export { ErrorPages } from './error-pages.js';
export { HttpModule } from './http.module.js';
export { IdempotencyKey } from './headers.js';
export { decodeCursor, type Page, pageOf, pageQuery, type PageQuery } from './cursor.js';
export { earlierResult } from './idempotency.js';
export { installBodyParsers } from './body-parsers.js';
export { PublicAddress } from './public-address.js';
