// Complete uploads whose later looks come when a test wants them, and what somebody else does in Mediaflux meanwhile.

import { Transport } from '../../src/mediaflux/protocol/index.js';
import { createNamespace, destroyFile, destroyNamespace, uploadFile } from '../../src/mediaflux/services/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { type Instrument, Sender, type StartedUpload } from '../support/instrument.js';
import type { Stage } from '../support/stage.js';
import { until } from '../support/wait.js';

export interface Look {
  look: number;
  finding: string;
  files: number | null;
  differences: number | null;
  is_told: boolean;
}

/** A complete upload of these files. */
export async function uploaded(
  instrument: Instrument,
  fields: Record<string, unknown> = {},
  files: Record<string, string> = { 'a.txt': 'verified', 'b.txt': 'untouched' },
): Promise<StartedUpload> {
  const upload = await instrument.start(fields);
  const sender = new Sender(upload.mediaflux);
  for (const [path, text] of Object.entries(files)) await sender.send(path, text);
  const reply = await instrument.putManifest(upload.id, sender.manifest);
  await sender.close();
  if (reply.status !== 204) throw new Error(`The manifest was refused: ${await reply.text()}`);
  const { state } = await instrument.complete(upload.id);
  if (state !== 'complete') throw new Error(`The upload is ${state}.`);
  return upload;
}

/** The next look at it is due now, whatever the time. */
export async function dueNow(stage: Pick<Stage, 'database'>, uploadId: string): Promise<void> {
  const due = await stage.database.query('update later_look set not_before = now() where upload_id = $1', [uploadId]);
  if (due.rowCount !== 1) throw new Error('No look at this upload is planned.');
}

export async function looksAt(stage: Pick<Stage, 'database'>, uploadId: string): Promise<Look[]> {
  const found = await stage.database.query<Look>(
    `select look, finding, files::int as files, differences::int as differences, is_told
       from upload_look
      where upload_id = $1
      order by look`,
    [uploadId],
  );
  return found.rows;
}

/** The next look, made. */
export async function look(stage: Pick<Stage, 'database'>, uploadId: string): Promise<Look> {
  const before = (await looksAt(stage, uploadId)).length;
  await dueNow(stage, uploadId);
  return until('a later look', async () => (await looksAt(stage, uploadId))[before]);
}

/** Every mail that was queued has ended, so that one that has not come will not come. */
export async function mailsEnded(stage: Stage): Promise<void> {
  await until('all mails having gone', async () => {
    const found = await stage.database.query(`select 1 from mail_outbox where state in ('pending', 'sending')`);
    return found.rowCount === 0 ? true : undefined;
  });
}

/** Mails about an upload to `recipient` with `words` in their subject. */
export async function mailsAbout(stage: Stage, recipient: string, folder: string, words: string) {
  await mailsEnded(stage);
  const mails = await stage.program.mailbox.to(recipient);
  return mails.filter(({ subject }) => subject.includes(folder) && subject.includes(words));
}

/** Somebody with every right on the folder of an upload, who has nothing to do with it. */
export class Meddler {
  private readonly transport: Transport;
  private readonly session: MediafluxSession;

  constructor(url: string) {
    this.transport = new Transport(url);
    const credentials = { domain: 'service', user: 'dispatch', password: 'dispatch' };
    this.session = new MediafluxSession({ transport: this.transport, credentials });
  }

  async write({ mediaflux }: StartedUpload, path: string, text: string): Promise<void> {
    const bytes = Buffer.from(text);
    const content = { name: path, size: bytes.length, open: () => [bytes] };
    await uploadFile(this.session, `${mediaflux.namespace}/${path}`, content);
  }

  destroy({ mediaflux }: StartedUpload, path: string): Promise<void> {
    return destroyFile(this.session, `${mediaflux.namespace}/${path}`);
  }

  makeNamespace(path: string): Promise<void> {
    return createNamespace(this.session, path);
  }

  destroyNamespace(path: string): Promise<void> {
    return destroyNamespace(this.session, path);
  }

  close(): Promise<void> {
    return this.transport.close();
  }
}
