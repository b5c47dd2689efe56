// `data-mover upload --dry-run`: what an upload would be, or why it would not begin. Nothing moves, and nothing is begun.

import { resolve } from 'node:path';
import type { DispatchClient } from '../dispatch-api/client.js';
import { wrongUse } from '../failures.js';
import { UploadNotes } from '../journal/uploads/upload-notes.js';
import type { Reporter } from '../report/reporter.js';
import { size } from '../report/units.js';
import { foresee, refuseInTime } from './asked.js';
import { untold } from './changes.rules.js';
import { NotOurs } from './completion/completion.js';
import { gather } from '../tree/gather.js';
import { isOwn } from '../journal/uploads/own-manifest.rules.js';
import { KnownUploads } from './known-uploads.js';
import { notesAsked, toldOf, type UploadOptions, whatOthersNeed } from './upload.types.js';

/** @throws Failure what the upload would begin with, where it would not go on from there */
export async function dryRun(options: UploadOptions, client: DispatchClient, reporter: Reporter): Promise<void> {
  const paths = options.paths.map((path) => resolve(path)).sort();
  const notes = await UploadNotes.see(notesAsked(options, paths));
  const { signal } = client.options;
  for (const remark of notes.remarks) reporter.note(remark);
  await refuseInTime(client, options, notes, Date.now());
  const { followSymlinks, exclude } = options;
  const tree = await gather({ paths, followSymlinks, exclude, signal }, undefined, reporter);
  const earlier = await new KnownUploads(options, client, notes, tree.fingerprint).foresee();
  const held = `${tree.files} ${tree.files === 1 ? 'file' : 'files'}, ${size(tree.bytes)}`;
  type WouldBe = 'new' | 'continued' | 'reported';
  const tell = (what: string, { id, folder }: { id?: string; folder: string }, dryRun: WouldBe): void => {
    const lines = [
      `${what} Nothing was sent (--dry-run).`,
      `  folder      ${folder}`,
      `  files       ${held}`,
      `  recipients  ${options.to.join(', ')}`,
    ];
    reporter.done(
      {
        ...(id === undefined ? {} : { uploadId: id }),
        ...{ folder, files: tree.files, bytes: tree.bytes, transferredBytes: 0, dryRun },
      },
      lines.join('\n'),
      `${what} ${folder}, ${held}`,
    );
  };
  if (!earlier) {
    const { folder, warnings } = await foresee(client, options, tree.youngestMs);
    for (const warning of warnings) reporter.note(warning);
    tell('This would be a new upload.', { folder }, 'new');
  } else if (earlier.upload.state === 'complete') {
    const { note, upload } = earlier;
    if (!isOwn(upload, note)) throw new NotOurs(upload);
    for (const warning of upload.warnings) reporter.waits(warning);
    const others = untold(options.to, toldOf(upload));
    if (others.length > 0) throw wrongUse(whatOthersNeed(upload, others, false));
    tell('This folder was uploaded before and has not changed since.', upload, 'reported');
  } else tell('This would go on with an upload that is not complete.', earlier.upload, 'continued');
}
