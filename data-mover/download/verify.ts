// `data-mover verify`: a downloaded folder against what the manifests beside it demand: its files, and the folders that
// are to be there though nothing is in them. Needs no network.

import { resolve } from 'node:path';
import { Failure, wrongUse } from '../failures.js';
import type { Reporter } from '../report/reporter.js';
import { hasContent, isFolder, lookAt } from './present/comparing.js';
import { DemandedFiles } from './folder-manifests.js';
import { type ManifestLine, placeOf } from './manifest.js';
import { otherFilesIn } from './present/other-files.js';

export async function verify(folder: string, reporter: Reporter, signal: AbortSignal): Promise<void> {
  const target = resolve(folder);
  const demanded = new DemandedFiles(target);
  if (!demanded.exists) throw wrongUse(`${target} holds no manifest of a download by this program.`);
  let files = 0;
  let bytes = 0;
  for (const { type, size } of demanded.lines()) {
    if (type !== 'file') continue;
    files += 1;
    bytes += size;
  }
  reporter.start({ files, bytes });
  reporter.willCheck(bytes);
  const wrong = { file: 0, directory: 0 };
  for (const line of demanded.lines()) {
    signal.throwIfAborted();
    if (line.type === 'file') reporter.beginsCheck(line.path, line.size);
    const fault = await faultOf(placeOf(target, line.path), line, reporter, signal);
    if (fault === undefined) {
      if (line.type === 'file') reporter.file(line.path, 0, true, line.size);
      continue;
    }
    wrong[line.type] += 1;
    reporter.failed(line.path);
    reporter.error(fault, line.path);
  }
  if (files === 0) throw wrongUse(`The manifest in ${target} names no file; nothing was downloaded into it.`);
  await tellOfOthers(target, demanded, reporter, signal);
  if (wrong.file + wrong.directory > 0) throw new Failure(sumOf(wrong, files));
  const summary = `All ${files} files are as they were uploaded.`;
  reporter.done({ files, bytes, transferredBytes: 0 }, summary, summary);
}

/** Undefined: it is as it was uploaded. One that cannot be read says nothing of the others. */
async function faultOf(
  place: string,
  line: ManifestLine,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    if (line.type === 'directory') return (await isFolder(place, line)) ? undefined : 'the empty folder is missing';
    const found = await lookAt(place, line);
    if (found === 'absent') return 'it is missing';
    const onBytes = (bytes: number): void => reporter.checked(line.path, bytes);
    const isEqual = found !== 'different' && (await hasContent(place, line, signal, onBytes));
    return isEqual ? undefined : 'its content is another';
  } catch (error) {
    if (!(error instanceof Failure) || error.path === undefined) throw error;
    return error.message;
  }
}

/** They take nothing from what was downloaded: a person may keep notes beside it. */
async function tellOfOthers(
  target: string,
  demanded: DemandedFiles,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  let others = 0;
  let example = '';
  for await (const path of otherFilesIn(target, demanded.lines(), signal)) {
    if (others === 0) example = path;
    others += 1;
  }
  if (others === 0) return;
  const more = others === 1 ? '' : `, as ${others - 1} more ${others === 2 ? 'is' : 'are'}`;
  reporter.note(`it is in the folder and was not downloaded${more}; nothing is known of it`, example);
}

function sumOf({ file, directory }: Record<ManifestLine['type'], number>, files: number): string {
  const folders = `${directory} empty ${directory === 1 ? 'folder is' : 'folders are'} missing`;
  const wrongFiles = `${file} of ${files} files are not as they were uploaded`;
  const told = [...(file === 0 ? [] : [wrongFiles]), ...(directory === 0 ? [] : [folders])];
  return `${told.join(', and ')}; run the download again.`;
}
