// `data-mover upload`: a tree to Mediaflux, verified by the server, dispatched by it.

import { createHash } from 'node:crypto';
import { hostname, platform } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Credential, DispatchClient } from '../dispatch-api/client.js';
import { Failure } from '../failures.js';
import { Journal, type SentFile } from '../journal/journal.js';
import { type Reporter, size } from '../report/reporter.js';
import { MediafluxLink } from '../transfer/mediaflux-link.js';
import { type LocalFile, sendFile } from '../transfer/send-file.js';
import { refusal, windowsTrouble } from '../tree/names.rules.js';
import { walk } from '../tree/walk.js';
import { PROGRAM } from '../version.js';

export interface UploadOptions {
  server: string;
  token: string;
  to: string[];
  name: string | undefined;
  keywords: string[];
  note: string | undefined;
  again: boolean;
  parallel: number;
  paths: string[];
}

interface Upload {
  id: string;
  folder: string;
  state: 'open' | 'verifying' | 'mismatch' | 'complete' | 'abandoned';
  files: number;
  bytes: number;
  recipients: string[];
  mismatches: { path: string; problem: string }[];
  mediaflux: Credential | null;
  warnings: string[];
}

interface Tree {
  files: LocalFile[];
  emptyFolders: string[];
  bytes: number;
  youngestMs: number;
  fingerprint: string;
}

const ROUNDS = 3;

export async function upload(
  options: UploadOptions,
  client: DispatchClient,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  const paths = options.paths.map((path) => resolve(path));
  const tree = await gather(paths, reporter);
  const journal = new Journal([
    'upload',
    options.server,
    options.token.slice(-8),
    ...paths,
    ...options.to,
    options.name ?? '',
  ]);
  const unlock = journal.lock();
  try {
    if (
      options.again ||
      (journal.state.completedTree !== undefined && journal.state.completedTree !== tree.fingerprint)
    )
      journal.reset();
    if (journal.state.completedTree === tree.fingerprint && journal.state.uploadId !== undefined) {
      const earlier = await client.call<Upload>('GET', `/api/v1/uploads/${journal.state.uploadId}`);
      finish(earlier, 0, reporter, true);
      return;
    }
    await new Transfer(options, client, reporter, signal, journal, tree).run();
  } finally {
    journal.close();
    unlock();
  }
}

/** Everything that would go, or the reasons why nothing may. */
async function gather(paths: readonly string[], reporter: Reporter): Promise<Tree> {
  const files: LocalFile[] = [];
  const emptyFolders: string[] = [];
  const hash = createHash('sha256');
  let faults = 0;
  for await (const found of walk(paths)) {
    const trouble =
      found.kind === 'unreadable' ? found.why : found.kind === 'skipped' ? undefined : refusal(found.path);
    if (trouble !== undefined) {
      reporter.error(trouble, found.path);
      faults += 1;
    } else if (found.kind === 'skipped') reporter.note(`left out: ${found.why}`, found.path);
    else if (found.kind === 'file') {
      files.push(found);
      hash.update(`${found.path}\0${found.size}\0${found.modifiedMs}\n`);
    } else if (found.kind === 'empty-folder') {
      emptyFolders.push(found.path);
      hash.update(`${found.path}/\n`);
    }
    const windows = found.kind === 'file' || found.kind === 'empty-folder' ? windowsTrouble(found.path) : undefined;
    if (windows !== undefined) reporter.note(`${windows}; whoever fetches it there will have to rename it`, found.path);
  }
  if (faults > 0) throw new Failure(`Nothing was sent: ${faults} files cannot be uploaded.`);
  if (files.length === 0) throw new Failure('There is no file to upload.', 2);
  return {
    files,
    emptyFolders,
    bytes: files.reduce((sum, file) => sum + file.size, 0),
    youngestMs: files.reduce((youngest, file) => Math.max(youngest, file.modifiedMs), 0),
    fingerprint: hash.digest('hex'),
  };
}

class Transfer {
  private transferredBytes = 0;

  constructor(
    private readonly options: UploadOptions,
    private readonly client: DispatchClient,
    private readonly reporter: Reporter,
    private readonly signal: AbortSignal,
    private readonly journal: Journal,
    private readonly tree: Tree,
  ) {}

  async run(): Promise<void> {
    const started = await this.begin();
    for (const warning of started.warnings) this.reporter.note(warning);
    this.reporter.start({
      files: this.tree.files.length,
      bytes: this.tree.bytes,
      folder: started.folder,
      uploadId: started.id,
    });
    const current = started.mediaflux
      ? await this.sendAndComplete(started.id, started.mediaflux)
      : await this.verdict(started.id);
    if (current.state !== 'complete')
      throw new Failure(`The upload is ${current.state}; run the same command again to go on.`);
    this.journal.state.completedTree = this.tree.fingerprint;
    this.journal.state.folder = current.folder;
    this.journal.save();
    finish(current, this.transferredBytes, this.reporter, false);
  }

  private async sendAndComplete(uploadId: string, credential: Credential): Promise<Upload> {
    const link = this.link(uploadId, credential);
    try {
      await this.sendAll(link);
      return await this.completeWith(link, uploadId);
    } finally {
      await link.close();
    }
  }

  /** Starts the upload, or takes up the one that an earlier run began. */
  private async begin(): Promise<Upload> {
    const { uploadId } = this.journal.state;
    if (uploadId !== undefined) {
      const upload = await this.client.call<Upload>('GET', `/api/v1/uploads/${uploadId}`);
      if (upload.state === 'complete' || upload.state === 'verifying') return { ...upload, mediaflux: null };
      const { mediaflux } = await this.client.call<{ mediaflux: Credential }>(
        'POST',
        `/api/v1/uploads/${uploadId}/credential`,
      );
      return { ...upload, mediaflux };
    }
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
        youngestFileTime: new Date(this.tree.youngestMs).toISOString(),
        client: { program: PROGRAM, host: hostname(), os: platform() },
      },
      { 'idempotency-key': this.journal.state.idempotencyKey },
    );
    this.journal.state.uploadId = upload.id;
    this.journal.state.folder = upload.folder;
    this.journal.save();
    return upload;
  }

  private link(uploadId: string, credential: Credential): MediafluxLink {
    const renew = async () =>
      (await this.client.call<{ mediaflux: Credential }>('POST', `/api/v1/uploads/${uploadId}/credential`)).mediaflux;
    return new MediafluxLink(credential, this.options.parallel, renew, this.signal);
  }

  private async sendAll(link: MediafluxLink): Promise<void> {
    const sent = this.journal.readSent();
    const missing = this.tree.files.filter((file) => !isSent(sent.get(file.path), file));
    await this.makeFolders(link, missing);
    for (const file of this.tree.files) {
      if (isSent(sent.get(file.path), file)) this.reporter.file(file.path, 0, true, file.size);
    }
    await this.send(link, missing);
  }

  /** Each namespace once, ahead of the files in it. */
  private async makeFolders(link: MediafluxLink, files: readonly LocalFile[]): Promise<void> {
    const folders = new Set([
      ...files.map((file) => file.path.split('/').slice(0, -1).join('/')),
      ...this.tree.emptyFolders,
    ]);
    const all = [...folders].filter((folder) => folder !== '');
    // A folder that another one lies in is made with it.
    const leaves = all.filter((folder) => !all.some((other) => other.startsWith(`${folder}/`)));
    const limit = pLimit(this.options.parallel);
    await Promise.all(leaves.map((folder) => limit(() => link.makeFolder(folder))));
  }

  /** All that can be sent is sent; what cannot is named. @throws Failure some could not */
  private async send(link: MediafluxLink, files: readonly LocalFile[]): Promise<void> {
    const limit = pLimit(this.options.parallel);
    const failed: Failure[] = [];
    let fatal: unknown;
    await Promise.all(
      files.map((file) =>
        limit(async () => {
          if (fatal !== undefined) return;
          try {
            this.signal.throwIfAborted();
            const sent = await sendFile(link, file);
            this.journal.addSent(sent);
            this.transferredBytes += sent.size;
            this.reporter.file(file.path, sent.size, false);
          } catch (error) {
            if (error instanceof Failure && error.exitCode === 1) {
              failed.push(error);
              this.reporter.error(error.message, error.path);
            } else fatal ??= error;
          }
        }),
      ),
    );
    if (fatal !== undefined) throw fatal as Error;
    if (failed.length > 0)
      throw new Failure(
        `${failed.length} files could not be sent; the upload is not complete. Run the same command again to go on.`,
      );
  }

  /** Manifest, completion, verdict; what differs is mended, a few times at most. */
  private async completeWith(link: MediafluxLink, uploadId: string): Promise<Upload> {
    for (let round = 1; ; round += 1) {
      await this.client.sendLines(`/api/v1/uploads/${uploadId}/manifest`, () => this.manifest());
      await this.client.call('POST', `/api/v1/uploads/${uploadId}/complete`);
      const upload = await this.verdict(uploadId);
      if (upload.state !== 'mismatch') return upload;
      for (const { path, problem } of upload.mismatches) this.reporter.note(`found by the server: ${problem}`, path);
      if (round >= ROUNDS) {
        for (const { path, problem } of upload.mismatches)
          this.reporter.error(`not as it should be in Mediaflux: ${problem}`, path);
        throw new Failure(
          `${upload.mismatches.length} files differ from what Mediaflux holds; the upload is not complete.`,
        );
      }
      await this.mend(link, upload.mismatches);
    }
  }

  private async mend(link: MediafluxLink, mismatches: Upload['mismatches']): Promise<void> {
    const wrong = new Map(mismatches.map(({ path, problem }) => [path, problem]));
    for (const [path, problem] of wrong) if (problem === 'unexpected') await link.destroy(path);
    await this.makeFolders(link, this.tree.files);
    await this.send(
      link,
      this.tree.files.filter((file) => wrong.has(file.path)),
    );
  }

  private async *manifest(): AsyncGenerator<string> {
    const sent = this.journal.readSent();
    for (const file of this.tree.files) {
      const facts = sent.get(file.path);
      if (!facts) throw new Failure('it was not sent', 1, file.path);
      yield `${JSON.stringify({ path: file.path, size: facts.size, crc32: facts.crc32, mtime: new Date(facts.modifiedMs).toISOString() })}\n`;
    }
    for (const folder of this.tree.emptyFolders) yield `${JSON.stringify({ path: `${folder}/`, type: 'directory' })}\n`;
  }

  /** Waits until the server has compared. */
  private async verdict(uploadId: string): Promise<Upload> {
    for (let pause = 100; ; pause = Math.min(pause * 1.5, 5_000)) {
      const upload = await this.client.call<Upload>('GET', `/api/v1/uploads/${uploadId}`);
      if (upload.state !== 'verifying') return upload;
      await delay(pause, undefined, { signal: this.signal });
    }
  }
}

const isSent = (sent: SentFile | undefined, file: LocalFile): boolean =>
  sent?.size === file.size && sent.modifiedMs === file.modifiedMs;

function finish(upload: Upload, transferredBytes: number, reporter: Reporter, isEarlier: boolean): void {
  const summary = [
    isEarlier ? 'This folder was uploaded before and has not changed since:' : 'Uploaded and verified:',
    `  folder      ${upload.folder}`,
    `  files       ${upload.files}, ${size(upload.bytes)}`,
    `  recipients  ${upload.recipients.join(', ')}: each gets a mail with links.`,
  ].join('\n');
  reporter.done(
    { uploadId: upload.id, folder: upload.folder, files: upload.files, bytes: upload.bytes, transferredBytes },
    summary,
  );
}
