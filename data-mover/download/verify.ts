// `data-mover verify`: a downloaded folder against the manifest that was stored beside it. Needs no network.

import { resolve } from 'node:path';
import { Failure, wrongUse } from '../failures.js';
import type { Reporter } from '../report/reporter.js';
import { isEqual, KeptManifest, type ManifestLine, placeOf } from './manifest.js';

export async function verify(folder: string, reporter: Reporter, signal: AbortSignal): Promise<void> {
  const target = resolve(folder);
  const manifest = new KeptManifest(target);
  if (!manifest.exists) throw wrongUse(`${target} holds no manifest of a download by this program.`);
  let wrong = 0;
  let files = 0;
  let bytes = 0;
  for (const { type, size } of manifest.lines()) {
    if (type !== 'file') continue;
    files += 1;
    bytes += size;
  }
  reporter.start({ files, bytes });
  for (const line of manifest.lines()) {
    signal.throwIfAborted();
    if (line.type !== 'file') continue;
    reporter.begins(line.path, line.size);
    const fault = await faultOf(placeOf(target, line.path), line, signal);
    if (fault === undefined) {
      reporter.moved(line.path, line.size);
      reporter.file(line.path, 0, true, line.size);
      continue;
    }
    wrong += 1;
    reporter.failed(line.path);
    reporter.error(fault, line.path);
  }
  if (files === 0) throw wrongUse(`The manifest in ${target} names no file; nothing was downloaded into it.`);
  if (wrong > 0) throw new Failure(`${wrong} of ${files} files are not as they were uploaded; download them again.`);
  const summary = `All ${files} files are as they were uploaded.`;
  reporter.done({ files, bytes, transferredBytes: 0 }, summary, summary);
}

/** Undefined: it is as it was uploaded. One that cannot be read says nothing of the others. */
async function faultOf(place: string, line: ManifestLine, signal: AbortSignal): Promise<string | undefined> {
  try {
    const found = await isEqual(place, line, signal);
    if (found === 'equal') return undefined;
    return found === 'absent' ? 'it is missing' : 'its content is another';
  } catch (error) {
    if (!(error instanceof Failure) || error.path === undefined) throw error;
    return error.message;
  }
}
