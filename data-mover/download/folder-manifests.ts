// Which manifests lie in a folder: one of all that commands which went through have brought, and for each link one of what
// a download has begun to bring and not brought to its end. A command that is refused changes neither: what it asked for
// stands in a list that nobody holds against the folder.

import { hash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PathTable } from '../journal/path-table.js';
import { OWN_FOLDER } from '../journal/own-folder.js';
import { Manifest, type ManifestLine } from './manifest.js';

const HELD = 'manifest.ndjson';
const DEMANDED = /^(?:manifest|begun-[0-9a-f]+)\.ndjson$/;

/** What the folder is to hold by all of its manifests. */
export class DemandedFiles {
  private readonly ownFolder: string;

  constructor(target: string) {
    this.ownFolder = join(target, OWN_FOLDER);
  }

  get exists(): boolean {
    return this.manifests().length > 0;
  }

  /** Each path once: what was asked for last counts. @throws Failure one is damaged */
  *lines(): Generator<ManifestLine> {
    const manifests = this.manifests();
    const known = manifests.length > 1 ? new PathTable() : undefined;
    for (const manifest of manifests)
      for (const line of manifest.lines()) {
        if (known?.get(line.path)) continue;
        known?.set(line.path, 0, 0, 0);
        yield line;
      }
  }

  /** The latest first. */
  private manifests(): Manifest[] {
    return namesIn(this.ownFolder)
      .filter((name) => DEMANDED.test(name))
      .map((name) => join(this.ownFolder, name))
      .map((file) => ({ file, writtenMs: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
      .sort((one, other) => other.writtenMs - one.writtenMs)
      .map(({ file }) => new Manifest(file));
  }
}

/** Of the downloads by one link. */
export class LinkManifest {
  /** What this download wants. */
  current: Manifest;
  private readonly asked: Manifest;
  private readonly begun: Manifest;
  private readonly held: Manifest;
  private isOfThisRun = false;

  /** @param ownFolder this program's in the user's folder @param token of the link; it cannot be read back from the names */
  constructor(ownFolder: string, token: string) {
    const link = hash('sha256', token).slice(0, 16);
    this.asked = new Manifest(join(ownFolder, `asked-${link}.ndjson`));
    this.begun = new Manifest(join(ownFolder, `begun-${link}.ndjson`));
    this.held = new Manifest(join(ownFolder, HELD));
    this.current = this.asked;
  }

  /** Takes what the server lists. Answers its sum. */
  async ask(lines: AsyncIterable<ManifestLine>): Promise<string> {
    // Rather now than when all is fetched.
    this.held.mustBeReadable();
    const sum = await this.asked.write(lines);
    this.isOfThisRun = true;
    return sum;
  }

  /** Takes that of an earlier run; some versions kept it among what the folder holds. False: it is not there any more. */
  takeEarlier(sum: string): boolean {
    const found = [this.begun, this.asked, this.held].find((manifest) => manifest.sum() === sum);
    if (found) this.current = found;
    return found !== undefined;
  }

  /** From now on the folder is to hold it, in place of what a download by the same link that was broken off had begun. */
  begin(): void {
    if (this.current !== this.asked) return;
    this.asked.becomes(this.begun);
    this.current = this.begun;
  }

  /** Of a download that is refused. Where the disk lets it stay, the next command takes its place. */
  forgetAsked(): void {
    try {
      this.asked.remove();
    } catch (error) {
      if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
    }
  }

  /**
   * All is there: what other commands brought stays known after it. What was begun is still told by it until `end`, so that
   * a run that is stopped in between can be repeated.
   * @param lines of the download @param told of a manifest that is damaged: nothing of it is taken over, for no line of it is certain
   */
  async wentThrough(lines: () => Iterable<ManifestLine>, told: (message: string) => void): Promise<void> {
    // What a run takes from an earlier one may be more than it wants.
    if (this.isOfThisRun && !this.held.exists) this.current.becomes(this.held);
    else await this.held.write(this.withEarlier(lines(), told));
  }

  /** Of a download that is done, and noted nowhere else as begun. */
  end(): void {
    this.begun.remove();
    this.asked.remove();
  }

  private *withEarlier(lines: Iterable<ManifestLine>, told: (message: string) => void): Generator<ManifestLine> {
    const known = this.held.exists ? new PathTable() : undefined;
    for (const line of lines) {
      known?.set(line.path, 0, 0, 0);
      yield line;
    }
    if (!known) return;
    if (this.held.sum() === undefined)
      told(
        'The list of earlier downloads into this folder is damaged; files that came by another link are not verified any more, unless they are downloaded again.',
      );
    else for (const line of this.held.lines()) if (!known.get(line.path)) yield line;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
