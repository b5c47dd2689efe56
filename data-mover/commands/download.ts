// `data-mover download`: what a link offers into a folder; every file verified, and whole before it has its name.

import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import pLimit from 'p-limit';
import picomatch from 'picomatch';
import { crc32, crc32Text, isMediafluxError } from '../../src/mediaflux/protocol/index.js';
import type { StoredFile } from '../../src/mediaflux/services/index.js';
import type { Credential, DispatchClient } from '../dispatch-api/client.js';
import { Failure } from '../failures.js';
import { type Reporter, size } from '../report/reporter.js';
import { FileWriter } from '../transfer/file-writer.js';
import { MediafluxLink } from '../transfer/mediaflux-link.js';

export interface DownloadOptions {
  token: string;
  only: string[];
  folder: string;
  overwrite: boolean;
  parallel: number;
}

export interface ManifestLine {
  path: string;
  type: 'file' | 'directory';
  size: number;
  crc32: string | null;
  mtime: string | null;
}

interface Download {
  id: string;
  mediaflux: Credential;
}

const CHUNK_BYTES = 1024 * 1024;
const PROGRESS_EVERY_MS = 2_000;
const TRIES = 3;
export const MANIFEST_FOLDER = '.instrument-dispatch';

export async function download(
  options: DownloadOptions,
  client: DispatchClient,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  const base = `/api/v1/shares/${options.token}`;
  const share = await client.call<{ folder: string; files: number }>('GET', base);
  const manifest = await wholeManifest(client, base);
  const isWanted = options.only.length === 0 ? () => true : picomatch(options.only, { dot: true });
  const lines = manifest.filter((line) => isWanted(line.path));
  const files = lines.filter((line) => line.type === 'file');
  if (files.length === 0) throw new Failure(`None of the ${share.files} files fits --only.`, 2);
  const target = resolve(options.folder);
  const places = new Map(lines.map((line) => [line.path, placeOf(target, line.path)]));
  await mkdir(target, { recursive: true });
  await keepManifest(target, lines);
  for (const line of lines)
    if (line.type === 'directory') await mkdir(places.get(line.path) ?? target, { recursive: true });
  reporter.start({ files: files.length, bytes: files.reduce((sum, file) => sum + file.size, 0), folder: share.folder });
  const missing = await whatIsMissing(files, places, options.overwrite, reporter);
  const began = await client.call<Download>('POST', `${base}/downloads`);
  const running = new RunningDownload(
    client,
    `${base}/downloads/${began.id}`,
    began.mediaflux,
    options,
    reporter,
    signal,
  );
  try {
    await running.fetchAll(missing, places, files.length - missing.length);
    const isWhole = files.length === manifest.filter((line) => line.type === 'file').length;
    await running.completed(isWhole, files);
  } catch (error) {
    await running.failed(error);
    throw error;
  } finally {
    await running.close();
  }
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  reporter.done(
    { folder: share.folder, files: files.length, bytes, transferredBytes: running.transferredBytes },
    `Downloaded and verified: ${files.length} files, ${size(bytes)}, in ${target}`,
  );
}

async function wholeManifest(client: DispatchClient, base: string): Promise<ManifestLine[]> {
  const lines: ManifestLine[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { items: ManifestLine[]; nextCursor: string | null } = await client.call(
      'GET',
      `${base}/files?limit=1000${query}`,
    );
    lines.push(...page.items);
    cursor = page.nextCursor;
  }
  return lines;
}

/** Where a file goes. @throws Failure the path would leave the folder */
export function placeOf(target: string, path: string): string {
  const place = resolve(target, ...path.split('/'));
  if (place === target || !place.startsWith(target.endsWith(sep) ? target : target + sep))
    throw new Failure('its path would leave the folder; it is not fetched', 1, path);
  return place;
}

async function keepManifest(target: string, lines: readonly ManifestLine[]): Promise<void> {
  const folder = join(target, MANIFEST_FOLDER);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'manifest.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** CRC-32 and size of a file on disk; undefined when there is none. */
export async function sumOf(place: string): Promise<{ size: number; crc32: string } | undefined> {
  const found = await stat(place).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (!found) return undefined;
  let sum = 0;
  if (found.isFile())
    for await (const part of createReadStream(place, { highWaterMark: CHUNK_BYTES })) sum = crc32(part as Buffer, sum);
  return { size: found.isFile() ? found.size : -1, crc32: crc32Text(sum) };
}

async function whatIsMissing(
  files: readonly ManifestLine[],
  places: ReadonlyMap<string, string>,
  overwrite: boolean,
  reporter: Reporter,
): Promise<ManifestLine[]> {
  const missing: ManifestLine[] = [];
  let different = 0;
  for (const file of files) {
    const held = await sumOf(places.get(file.path) ?? '');
    if (held?.size === file.size && held.crc32 === file.crc32) reporter.file(file.path, 0, true, file.size);
    else if (held && !overwrite) {
      reporter.error('another file of this name is there; move it, or use --overwrite', file.path);
      different += 1;
    } else missing.push(file);
  }
  if (different > 0) throw new Failure(`${different} files are there already and differ; nothing was fetched.`);
  return missing;
}

class RunningDownload {
  transferredBytes = 0;
  private files = 0;
  private bytes = 0;
  private reportedAt = 0;
  private readonly link: MediafluxLink;

  constructor(
    private readonly client: DispatchClient,
    private readonly address: string,
    credential: Credential,
    private readonly options: DownloadOptions,
    private readonly reporter: Reporter,
    signal: AbortSignal,
  ) {
    const renew = async () => (await client.call<{ mediaflux: Credential }>('POST', `${address}/credential`)).mediaflux;
    this.link = new MediafluxLink(credential, options.parallel, renew, signal);
  }

  async fetchAll(
    files: readonly ManifestLine[],
    places: ReadonlyMap<string, string>,
    alreadyThere: number,
  ): Promise<void> {
    if (files.length === 0) return;
    this.files = alreadyThere;
    const held = await this.link.list();
    const limit = pLimit(this.options.parallel);
    let first: unknown;
    await Promise.all(
      files.map((file) =>
        limit(async () => {
          if (first !== undefined) return;
          try {
            await this.fetchOne(file, places.get(file.path) ?? '', held.get(file.path));
          } catch (error) {
            first ??= error;
          }
        }),
      ),
    );
    if (first !== undefined) throw first as Error;
  }

  private async fetchOne(file: ManifestLine, place: string, held: StoredFile | undefined): Promise<void> {
    if (!held) throw new Failure('Mediaflux no longer has it; please tell whoever sent the link', 1, file.path);
    await mkdir(dirname(place), { recursive: true });
    const partial = `${place}.partial-${process.pid}`;
    try {
      for (let attempt = 1; ; attempt += 1) {
        const problem = await this.fetchInto(partial, file, held);
        if (problem === undefined) break;
        if (attempt >= TRIES) throw new Failure(problem, 1, file.path);
      }
      if (file.mtime !== null) await utimes(partial, new Date(file.mtime), new Date(file.mtime));
      await rename(partial, place);
    } catch (error) {
      await rm(partial, { force: true });
      throw diskFailure(error, file.path);
    }
    this.transferredBytes += file.size;
    this.files += 1;
    this.bytes += file.size;
    this.reporter.file(file.path, file.size, false);
    await this.reportProgress();
  }

  /** Why what arrived is not the file, if it is not. */
  private async fetchInto(partial: string, file: ManifestLine, held: StoredFile): Promise<string | undefined> {
    let sum = 0;
    let got = 0;
    const out = await FileWriter.create(partial);
    try {
      for (let breaks = 0; got < file.size;) {
        try {
          for await (const part of await this.link.open(held, got)) {
            sum = crc32(part, sum);
            got += part.length;
            await out.write(part);
          }
          break;
        } catch (error) {
          if (isMediafluxError(error, 'content-damaged')) {
            await out.close();
            return 'it arrived damaged';
          }
          // A connection that broke in the middle goes on where it broke.
          breaks += 1;
          if (!isMediafluxError(error, 'unreachable') || got === 0 || breaks >= TRIES) throw error;
        }
      }
      await out.finish();
    } catch (error) {
      await out.close();
      throw error;
    }
    if (got !== file.size) return `it arrived with ${got} bytes instead of ${file.size}`;
    return crc32Text(sum) === file.crc32 ? undefined : 'its checksum is not the one that was recorded at the upload';
  }

  private async reportProgress(): Promise<void> {
    const now = performance.now();
    if (now - this.reportedAt < PROGRESS_EVERY_MS) return;
    this.reportedAt = now;
    await this.client.call('POST', `${this.address}/progress`, { files: this.files, bytes: this.bytes });
  }

  async completed(isWhole: boolean, files: readonly ManifestLine[]): Promise<void> {
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    const body = isWhole
      ? { whole: true, files: files.length, bytes }
      : { whole: false, paths: files.map((file) => file.path) };
    await this.client.call('POST', `${this.address}/complete`, body);
  }

  async failed(error: unknown): Promise<void> {
    const reason = error instanceof Failure ? error.message : 'the transfer was broken off';
    await this.client
      .call('POST', `${this.address}/fail`, { reason: reason.slice(0, 500) })
      .catch((second: unknown) => {
        this.reporter.note(
          `The server could not be told of the failure: ${second instanceof Error ? second.message : String(second)}`,
        );
      });
  }

  close(): Promise<void> {
    return this.link.close();
  }
}

function diskFailure(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return new Failure('the disk is full; make room and run the same command again', 1, path);
  if (code === 'EACCES' || code === 'EPERM') return new Failure('it may not be written there', 1, path);
  return error;
}
