// `data-mover upload`: a tree to Mediaflux, verified by the server, dispatched by it.

import { hostname, platform } from 'node:os';
import { resolve } from 'node:path';
import type { Credential, DispatchClient } from '../dispatch-api/client.js';
import { Failure } from '../failures.js';
import { Journal } from '../journal/journal.js';
import { LogFile } from '../report/log-file.js';
import type { Reporter } from '../report/reporter.js';
import { size } from '../report/units.js';
import { MediafluxLink } from '../transfer/mediaflux-link.js';
import { PROGRAM } from '../version.js';
import { Completion } from './completion.js';
import { gather, type Tree } from './gather.js';
import { Sending } from './sending.js';
import type { Upload, UploadOptions } from './upload.types.js';

/** Of the year 9999: no clock of an instrument is taken for later. */
const LAST_INSTANT_MS = 253_402_300_799_000;

/** Answers the upload that is complete. @throws Failure it is not, and why */
export async function upload(options: UploadOptions, client: DispatchClient, reporter: Reporter): Promise<Upload> {
  const { signal } = client.options;
  const paths = options.paths.map((path) => resolve(path));
  const journal = new Journal([options.server, ...paths, '', ...options.to, '', options.name ?? '']);
  const unlock = journal.lock();
  reporter.log = new LogFile(journal.file('transfer.log'));
  try {
    const { followSymlinks, leaveOut } = options;
    const tree = await gather(
      { paths, followSymlinks, leaveOut, listFile: journal.file('tree.ndjson'), signal },
      reporter,
    );
    const { completedTree } = journal.state;
    if (options.again || (completedTree !== undefined && completedTree !== tree.fingerprint)) journal.reset();
    return await new UploadRun(options, client, reporter, journal, tree).run();
  } catch (error) {
    reporter.log?.write(`ended: ${error instanceof Error ? error.message : String(error)}`);
    throw error;
  } finally {
    reporter.closeLog();
    journal.close();
    unlock();
  }
}

class UploadRun {
  private readonly sending: Sending;
  private readonly completion: Completion;

  constructor(
    private readonly options: UploadOptions,
    private readonly client: DispatchClient,
    private readonly reporter: Reporter,
    private readonly journal: Journal,
    private readonly tree: Tree,
  ) {
    this.sending = new Sending(options, journal.sent, tree, reporter, client.options.signal);
    this.completion = new Completion(client, journal.sent, tree, reporter);
  }

  async run(): Promise<Upload> {
    let upload = await this.begin();
    if (upload.state === 'verifying') upload = await this.completion.verdict(upload.id);
    if (upload.state === 'complete') {
      const { sentTree, completedTree } = this.journal.state;
      if (completedTree !== undefined || sentTree === this.tree.fingerprint) return this.ended(upload, true);
      // An earlier run was broken off after its last step, and the folder has changed since.
      this.journal.reset();
      upload = await this.begin();
    }
    for (const warning of upload.warnings) this.reporter.note(warning);
    this.reporter.start({
      files: this.tree.files,
      bytes: this.tree.bytes,
      folder: upload.folder,
      uploadId: upload.id,
    });
    upload = await this.sendAndComplete(upload);
    if (upload.state !== 'complete')
      throw new Failure(`The upload is ${upload.state}. Run the same command again to go on.`);
    return this.ended(upload, false);
  }

  private ended(upload: Upload, isEarlier: boolean): Upload {
    this.journal.state.completedTree = this.tree.fingerprint;
    this.journal.save();
    this.tellOfEnd(upload, isEarlier);
    return upload;
  }

  /** Starts the upload, or takes up the one that an earlier run began. */
  private async begin(): Promise<Upload> {
    const earlier = await this.earlier();
    if (earlier) return earlier;
    // Written before the call: a crash in between leads to the same upload.
    this.journal.save();
    const { to, name, keywords, note } = this.options;
    const upload = await this.client.call<Upload>(
      'POST',
      '/api/v1/uploads',
      {
        recipients: to,
        keywords,
        ...(name === undefined ? {} : { name }),
        ...(note === undefined ? {} : { note }),
        youngestFileTime: new Date(Math.min(this.tree.youngestMs, LAST_INSTANT_MS)).toISOString(),
        client: { program: PROGRAM, host: hostname(), os: platform() },
      },
      // The time is no part of the request, so that a repeated one is the same.
      { 'idempotency-key': this.journal.state.idempotencyKey, date: new Date().toUTCString() },
    );
    this.journal.state.uploadId = upload.id;
    this.journal.state.folder = upload.folder;
    this.journal.save();
    return upload;
  }

  private async earlier(): Promise<Upload | undefined> {
    const { uploadId } = this.journal.state;
    if (uploadId === undefined) return undefined;
    try {
      return await this.client.call<Upload>('GET', `/api/v1/uploads/${uploadId}`);
    } catch (error) {
      // It belongs to another shareable: these settings start one of their own.
      if (!(error instanceof Failure) || error.status !== 404) throw error;
      this.journal.reset();
      return undefined;
    }
  }

  private async sendAndComplete(upload: Upload): Promise<Upload> {
    const credential = upload.mediaflux ?? (await this.renew(upload.id));
    const link = new MediafluxLink(credential, {
      ...this.client.options,
      connections: this.options.parallel,
      renew: () => this.renew(upload.id),
      millisecondsUntil: (instant) => this.client.millisecondsUntil(instant),
    });
    try {
      await this.sending.all(link);
      this.journal.state.sentTree = this.tree.fingerprint;
      this.journal.save();
      return await this.completion.run(link, upload.id, () => this.sending.all(link));
    } finally {
      await link.close();
    }
  }

  private async renew(uploadId: string): Promise<Credential> {
    const answer = await this.client.call<{ mediaflux: Credential }>('POST', `/api/v1/uploads/${uploadId}/credential`, {
      // Of a file that takes days nobody sees anything in Mediaflux until it is there.
      sentBytes: this.reporter.movedBytes,
    });
    return answer.mediaflux;
  }

  private tellOfEnd(upload: Upload, isEarlier: boolean): void {
    const { id, folder, files, bytes } = upload;
    const what = isEarlier ? 'This folder was uploaded before and has not changed since:' : 'Uploaded and verified:';
    const held = `${files} ${files === 1 ? 'file' : 'files'}, ${size(bytes)}`;
    this.reporter.done(
      { uploadId: id, folder, files, bytes, transferredBytes: this.sending.sentBytes },
      [
        what,
        `  folder      ${folder}`,
        `  files       ${held}`,
        `  recipients  ${upload.recipients.join(', ')}: each gets a mail with links.`,
      ].join('\n'),
      `${what} ${folder}, ${held}`,
    );
  }
}
