// An upload that is sent and waits for its client to say so.

import { expect } from '@jest/globals';
import { type Instrument, Sender, type StartedUpload } from '../support/instrument.js';

/** An upload with these files, and empty folders, in Mediaflux, and its manifest in the server. */
export async function sentBy(
  instrument: Instrument,
  paths: readonly string[],
  folders: readonly string[] = [],
): Promise<{ upload: StartedUpload; sender: Sender }> {
  const upload = await instrument.start();
  const sender = new Sender(upload.mediaflux);
  for (const path of paths) await sender.send(path, `content of ${path}`);
  const lines = [sender.manifest];
  for (const folder of folders) {
    await sender.makeFolder(folder);
    lines.push(JSON.stringify({ path: `${folder}/`, type: 'directory' }));
  }
  expect((await instrument.putManifest(upload.id, lines.join('\n'))).status).toBe(204);
  return { upload, sender };
}
