// One pass over a delivery's data into the user's namespace: read with the service's rights, written with the user's own,
// so that Mediaflux itself decides where they may write. What is there and equal is skipped, what differs is refused,
// nothing is overwritten, and every file is compared. A pass may be repeated at any time.

import { Inject, Injectable } from '@nestjs/common';
import { rows, Transactions } from '../../database/index.js';
import type { DeliveryFacts } from '../../deliveries/index.js';
import { sentence } from '../../language/index.js';
import { type ListedFile, MediafluxGateway, type StoredFile, type UserSession } from '../../mediaflux/index.js';
import { Bandwidth } from './bandwidth.js';
import { asUser, CopyRefused, RefusedToUser } from './copy-ends.js';

export interface CopyPass {
  delivery: Pick<DeliveryFacts, 'dataNamespace' | 'manifestId' | 'files' | 'bytes'>;
  destination: string;
  session: UserSession;
  signal: AbortSignal;
  /** Called with each part that passes. */
  moved: (bytes: number) => void;
  /** Called after each file, with all so far. */
  progress: (files: number, bytes: number) => Promise<void>;
}

@Injectable()
export class ContentCopying {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway,
    @Inject(Bandwidth) private readonly bandwidth: Bandwidth,
  ) {}

  /** @throws CopyRefused, RefusedToUser, MediafluxError of the service's own reading, the reason of `signal` */
  async run(pass: CopyPass): Promise<void> {
    const { delivery, destination, signal } = pass;
    await this.makeDestination(pass);
    const made = new Set<string>([destination]);
    for (const folder of await this.emptyFolders(delivery.manifestId))
      await makeFolder(pass, made, `${destination}/${folder}`);
    let files = 0;
    let bytes = 0;
    for await (const file of this.mediaflux.listFolder(delivery.dataNamespace, signal)) {
      signal.throwIfAborted();
      const target = `${destination}/${file.path}`;
      await makeFolder(pass, made, target.slice(0, target.lastIndexOf('/')));
      await this.copyFile(pass, file, target);
      files += 1;
      bytes += file.size ?? 0;
      await pass.progress(files, bytes);
    }
    if (files !== delivery.files || bytes !== delivery.bytes) {
      throw new CopyRefused(
        sentence('copyTrouble.changed', { files, bytes, ofFiles: delivery.files, ofBytes: delivery.bytes }),
      );
    }
  }

  private async makeDestination({ destination, session }: CopyPass): Promise<void> {
    try {
      await asUser(session.createNamespaceOnly(destination));
    } catch (error) {
      if (!(error instanceof RefusedToUser) || error.cause.kind !== 'not-found') throw error;
      const parent = destination.slice(0, destination.lastIndexOf('/'));
      throw new CopyRefused(sentence('copyTrouble.parentMissing', { namespace: destination, parent }));
    }
  }

  private async copyFile(pass: CopyPass, file: ListedFile, target: string): Promise<void> {
    const { session } = pass;
    const held = await asUser(session.stat(target));
    if (held) {
      mustBeEqual(held, file, target);
      return;
    }
    try {
      const written = await this.write(pass, file, target);
      if (!isEqual(written, file)) throw new CopyRefused(sentence('copyTrouble.notWhole', { path: target }));
    } catch (error) {
      // Written meanwhile, by the user, or by another worker that took this one for dead.
      const isTaken = error instanceof RefusedToUser && error.cause.kind === 'already-exists';
      const there = isTaken ? await asUser(session.stat(target)) : undefined;
      if (!there) throw error;
      mustBeEqual(there, file, target);
    }
  }

  private async write(pass: CopyPass, file: ListedFile, target: string): Promise<StoredFile> {
    const { session, signal, moved } = pass;
    const { mediaflux, bandwidth } = this;
    const size = file.size ?? 0;
    let sourceFault: { error: unknown } | undefined;
    const open = async function* () {
      if (size === 0) return;
      try {
        for await (const part of await mediaflux.openContent(file, signal)) {
          await bandwidth.take(part.length, signal);
          moved(part.length);
          yield part;
        }
      } catch (error) {
        sourceFault = { error };
        throw error;
      }
    };
    const content = { name: target.slice(target.lastIndexOf('/') + 1), size, open };
    try {
      return await asUser(session.write(target, content, signal));
    } catch (error) {
      throw sourceFault ? sourceFault.error : error;
    }
  }

  private async emptyFolders(manifestId: string): Promise<string[]> {
    const found = await rows<{ path: string }>(
      this.transactions.pool,
      `select path from manifest_entry where manifest_id = $1 and type = 'directory' order by path`,
      [manifestId],
    );
    return found.map((folder) => folder.path);
  }
}

async function makeFolder({ session }: CopyPass, made: Set<string>, namespace: string): Promise<void> {
  if (made.has(namespace)) return;
  await asUser(session.createNamespace(namespace));
  made.add(namespace);
}

/** A file without content may have no checksum. */
const isEqual = (held: StoredFile, file: ListedFile): boolean =>
  (held.size ?? 0) === (file.size ?? 0) && ((file.size ?? 0) === 0 || held.crc32 === file.crc32);

function mustBeEqual(held: StoredFile, file: ListedFile, path: string): void {
  if (!isEqual(held, file)) throw new CopyRefused(sentence('copyTrouble.differs', { path }));
}
