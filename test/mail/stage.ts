// A platform with a shareable, and uploads that are dispatched, over the program's API with real parts.

import { type MadeShareable, Instrument, makePlatform, makeShareable, Sender } from '../support/instrument.js';
import type { Program } from '../support/program.js';

export interface Stage {
  platformId: string;
  shareable: MadeShareable;
  instrument: Instrument;
}

/** @param notify whom the shareable tells */
export async function makeStage(
  program: Program,
  platform: Record<string, unknown> = {},
  notify: readonly string[] = ['ops@example.org'],
): Promise<Stage> {
  const platformId = await makePlatform(program, platform);
  const shareable = await makeShareable(program, platformId, { notify });
  return { platformId, shareable, instrument: new Instrument(program.endpoints.server, shareable.token) };
}

/** Uploads files, a small one unless said, and waits until the upload is complete; its mails go out by themselves. */
export async function dispatch(
  stage: Stage,
  fields: Record<string, unknown> = {},
  files: Record<string, string> = { 'a.bin': 'some data' },
): Promise<{ uploadId: string }> {
  const upload = await stage.instrument.start(fields);
  const sender = new Sender(upload.mediaflux);
  try {
    for (const [path, text] of Object.entries(files)) await sender.send(path, text);
    await stage.instrument.putManifest(upload.id, sender.manifest);
    const { state } = await stage.instrument.complete(upload.id);
    if (state !== 'complete') throw new Error(`The upload is ${state} instead of complete.`);
  } finally {
    await sender.close();
  }
  return { uploadId: upload.id };
}
