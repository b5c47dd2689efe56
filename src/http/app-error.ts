// The base of every error that a caller is meant to read. One class for each cause, in its feature's `*.errors.ts`.

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** A field at fault: `path` in dots and brackets as in `recipients[0]`, `message` for the person who reads it. */
export interface FieldFault {
  path: string;
  message: string;
}

export abstract class AppError extends Error {
  /** Stable, in kebab case; the last part of the problem's `type`. */
  static readonly code: string = 'internal';
  static readonly status: number = 500;
  static readonly logLevel: LogLevel = 'info';
  /** What kind of trouble it is, the same for every occurrence. */
  static readonly title: string = 'Error';

  /** Fields at fault, where there are any. */
  readonly errors?: readonly FieldFault[];
  /** Seconds after which trying again makes sense; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;

  /** Methods that the address takes; sent as `Allow`. */
  readonly allow?: string;

  get kind(): typeof AppError {
    return this.constructor as typeof AppError;
  }
}
