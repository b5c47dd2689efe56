// Errors that every feature shares.

import { AppError, type FieldFault, type LogLevel } from './app-error.js';

export class NotFound extends AppError {
  static override readonly code = 'not-found';
  static override readonly status = 404;
  static override readonly title = 'Not found';
  constructor(what: string) {
    super(`There is no ${what} with this id.`);
  }
}

/** The request is understood and its shape is right, but a choice in it is not possible. */
export class InvalidFields extends AppError {
  static override readonly code = 'invalid-fields';
  static override readonly status = 422;
  static override readonly title = 'Some fields are not right';
  constructor(override readonly errors: readonly FieldFault[]) {
    super(errors.map((fault) => `${fault.path}: ${fault.message}`).join('; '));
  }
}

/** A shape that does not fit: unknown fields, wrong types, JSON that cannot be read. */
export class BadRequest extends AppError {
  static override readonly code = 'bad-request';
  static override readonly status = 400;
  static override readonly title = 'The request cannot be read';
  constructor(
    detail: string,
    override readonly errors?: readonly FieldFault[],
  ) {
    super(detail);
  }
}

export class Conflict extends AppError {
  static override readonly code = 'conflict';
  static override readonly status = 409;
  static override readonly title = 'Not possible in this state';
}

export class UnsupportedType extends AppError {
  static override readonly code = 'unsupported-media-type';
  static override readonly status = 415;
  static override readonly title = 'This content type is not read here';
  constructor(expected = 'that this address takes, normally application/json') {
    super(`Send the body with the content type ${expected}.`);
  }
}

/** A part that the call needs is away; the same call works once it is back. */
export class Unavailable extends AppError {
  static override readonly code = 'unavailable';
  static override readonly status = 503;
  static override readonly title = 'Temporarily unavailable';
  static override readonly logLevel: LogLevel = 'warn';
  constructor(
    detail: string,
    override readonly retryAfterSeconds = 10,
    options?: ErrorOptions,
  ) {
    super(detail, options);
  }
}
