// What can go wrong with an upload, by name.

import { AppError } from '../http/index.js';

export class UploadNotInState extends AppError {
  static override readonly code = 'upload-state';
  static override readonly status = 409;
  static override readonly title = 'Not possible in this state of the upload';
  constructor(state: string, what: string) {
    super(`The upload is ${state}; ${what}.`);
  }
}

export class ManifestFaulty extends AppError {
  static override readonly code = 'manifest-faulty';
  static override readonly status = 422;
  static override readonly title = 'The manifest is not right';
  constructor(override readonly errors: readonly { path: string; message: string }[]) {
    super(
      `The manifest was not taken; the former one, if any, stands. ${errors.map((fault) => `${fault.path}: ${fault.message}`).join('; ')}.`,
    );
  }
}

export class ManifestCut extends AppError {
  static override readonly code = 'manifest-cut';
  static override readonly status = 400;
  static override readonly title = 'The manifest broke off';
  constructor(options?: ErrorOptions) {
    super('The manifest did not come to its end; the former one, if any, stands. Send it again.', options);
  }
}

export class ManifestSlow extends AppError {
  static override readonly code = 'manifest-slow';
  static override readonly status = 408;
  static override readonly title = 'The manifest comes too slowly';
  constructor(bytesASecond: number) {
    super(
      `The manifest came at less than ${bytesASecond / 1024} KiB a second for minutes and was given up; the former one, if any, stands. Send it again.`,
    );
  }
}

export class FolderGone extends AppError {
  static override readonly code = 'folder-gone';
  static override readonly status = 409;
  static override readonly title = 'The folder of the upload is gone';
  constructor() {
    super(
      'The folder of this upload is no longer in Mediaflux, or the service may no longer see it, so the upload cannot go on. Start a new one (data-mover upload --again); if nobody took the folder away on purpose, tell the platform first.',
    );
  }
}

/** `detail` says what is missing in Mediaflux, and what to do. */
export class PlatformNamespaceUnusable extends AppError {
  static override readonly code = 'platform-namespace';
  static override readonly status = 409;
  static override readonly title = "The platform's namespace in Mediaflux cannot be used";
  static override readonly logLevel = 'warn';
  constructor(detail: string, options?: ErrorOptions) {
    super(`Nothing can be uploaded for this platform now. ${detail}`, options);
  }
}
