// What whoever runs the command is told of an upload: its warnings, and how it ended.

import type { Reporter } from '../report/reporter.js';
import { size } from '../report/units.js';
import { givenToEach } from './given.rules.js';
import { toldOf, type Upload } from './upload.types.js';

export class Told {
  private readonly warnings = new Set<string>();

  constructor(private readonly reporter: Reporter) {}

  /** Each once; some come with the manifest only. */
  warningsOf(upload: Upload): void {
    for (const warning of upload.warnings) {
      if (!this.warnings.has(warning)) this.reporter.note(warning);
      this.warnings.add(warning);
    }
  }

  /** @param what happened, as a beginning of lines @param sentBytes by this run */
  end(upload: Upload, what: string, sentBytes: number): void {
    const { id, folder, files, bytes, methods, linkLifetime } = upload;
    const held = `${files} ${files === 1 ? 'file' : 'files'}, ${size(bytes)}`;
    this.reporter.done(
      { uploadId: id, folder, files, bytes, transferredBytes: sentBytes },
      [
        what,
        `  folder      ${folder}`,
        `  files       ${held}`,
        `  recipients  ${toldOf(upload).join(', ')}: each gets ${givenToEach(methods, linkLifetime)}.`,
      ].join('\n'),
      `${what} ${folder}, ${held}`,
    );
  }
}
