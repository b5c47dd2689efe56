// Assumptions about archives.

import { createNamespace, readTogether, uploadFile } from '../services/index.js';
import type { Assumption } from './assumption.js';
import { Copies, DoesNotHold, mustHold, textContent } from './site.js';

export const ARCHIVE_ASSUMPTIONS: readonly Assumption[] = [
  {
    number: 9,
    sentence:
      'A token bound to `asset.archive.create` streams a zip at execute.mfjp, as often as its use count says; a HEAD uses none up.',
    async check(site) {
      const namespace = await site.namespace();
      await uploadFile(site.session, `${namespace}/a.txt`, textContent('a', 'in the zip'));
      const until = new Date(Date.now() + 600_000);
      const shareId = `check-${Date.now()}`;
      const copies = new Copies();
      try {
        const { id, token } = await site.shares.issueZipToken(shareId, { namespace, until, onCopy: copies.onCopy }, 1);
        site.keepTrackOf(id);
        const url = `${site.url}/mflux/execute.mfjp?token=${token}&filename=a.zip`;
        await bytesAt(url, 'HEAD');
        const zip = await bytesAt(url);
        mustHold(zip.subarray(0, 2).toString() === 'PK', 'what is answered is no zip');
        mustHold(zip.includes('a.txt'), 'the file is not in the zip');
        mustHold(!zip.includes(`${namespace.slice(1)}/a.txt`), 'the path prefix was not removed');
        const second = await bytesAt(url);
        mustHold(second.subarray(0, 2).toString() !== 'PK', 'a second use is answered after a use count of one');
      } finally {
        await site.shares.end(shareId, namespace, copies.entries);
      }
    },
  },
  {
    number: 28,
    sentence:
      'A session gets a zip of assets that it names by their ids, in the packet form, each by its path below a prefix.',
    async check(site) {
      const namespace = await site.namespace();
      await createNamespace(site.session, `${namespace}/deep`);
      const paths = ['a.txt', 'deep/größe & co.txt', 'deep/third.txt'];
      const wanted = [];
      for (const path of paths)
        wanted.push({
          path,
          ...(await uploadFile(site.session, `${namespace}/${path}`, textContent('a', `in ${path}`))),
        });
      await uploadFile(site.session, `${namespace}/not-asked-for.txt`, textContent('a', 'another'));
      let bytes = 0;
      const into = {
        memoryFor: (length: number) => Buffer.alloc(length),
        mostBytes: 1_000_000,
        came: (more: number) => (bytes += more),
      };
      const came = await readTogether(site.session, namespace, wanted, into);
      for (const [index, path] of paths.entries())
        mustHold(came[index]?.content.toString() === `in ${path}`, `${path} is not in the zip by that name`);
      const all = bytes;
      bytes = 0;
      await readTogether(site.session, namespace, wanted.slice(0, 1), into);
      mustHold(bytes < all, 'the zip holds what was not asked for');
    },
  },
];

/**
 * What a recipient's browser would get. The address holds a token, so a fault is told by its code alone.
 * @throws DoesNotHold nothing comes, or not all of it
 */
async function bytesAt(url: string, method = 'GET'): Promise<Buffer> {
  try {
    return Buffer.from(await (await fetch(url, { method })).arrayBuffer());
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: unknown };
    throw new DoesNotHold(`a ${method} of execute.mfjp fails${typeof code === 'string' ? ` (${code})` : ''}`);
  }
}
