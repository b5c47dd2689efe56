// The uploads of earlier runs that the server knows, and whether a command is about them; looked at only.

import type { DispatchClient } from '../dispatch-api/client.js';
import { Failure } from '../failures.js';
import type { UploadNote, UploadNotes } from '../journal/uploads/upload-notes.js';
import type { Upload, UploadOptions } from './upload.types.js';

export interface Begun {
  note: UploadNote;
  upload: Upload;
}

/** Is the note about the dataset that the command is about, whatever has changed in it? */
export const isSameDataset = (note: UploadNote, { dataset }: UploadOptions): boolean =>
  dataset !== undefined && note.dataset === dataset;

/** Is a folder with this fingerprint as an earlier run sent it? */
export const isAsSent = (note: UploadNote, fingerprint: string): boolean =>
  (note.completedTree ?? note.sentTree) === fingerprint;

export class KnownUploads {
  /** @param fingerprint of what is there now */
  constructor(
    private readonly options: UploadOptions,
    private readonly client: DispatchClient,
    private readonly notes: UploadNotes,
    private readonly fingerprint: string,
  ) {}

  /** The upload that an upload would go on with, or report, without beginning one, as it is; nothing is changed. Undefined: it would begin one. */
  async foresee(): Promise<Begun | undefined> {
    for await (const { isMeant, note, upload } of this.all()) {
      if (!isMeant) continue;
      return upload.state === 'complete' && !isAsSent(note, this.fingerprint) ? undefined : { note, upload };
    }
    return undefined;
  }

  /** Those of earlier runs that this server knows, and whether this command is about them. */
  async *all(): AsyncGenerator<Begun & { isMeant: boolean }> {
    const { again, server } = this.options;
    for (const note of this.notes.begun(server)) {
      const upload = await this.find(note.uploadId);
      if (!upload) continue;
      const isOver =
        !isSameDataset(note, this.options) &&
        note.completedTree !== undefined &&
        (again || note.completedTree !== this.fingerprint);
      yield { note, upload, isMeant: !isOver && (!again || note.isAgain) };
    }
  }

  /** Undefined: it is at another server, or of another shareable. */
  private async find(id: string): Promise<Upload | undefined> {
    try {
      return await this.client.call<Upload>('GET', `/api/v1/uploads/${id}`);
    } catch (error) {
      if (error instanceof Failure && error.status === 404) return undefined;
      throw error;
    }
  }
}
