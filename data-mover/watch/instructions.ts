// What a dataset says of itself in the small file in it, as it lies on the disk.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NotText, readText } from '../text-file.js';
import { type Instructions, readInstructions } from './instructions.rules.js';

export const INSTRUCTIONS_FILE = 'recipients.txt';

/** @param usual who a dataset is for that names nobody @returns the problem for the person who has to put it right */
export function instructionsOf(dataset: string, usual: readonly string[]): Instructions | { problem: string } {
  const said = saidIn(join(dataset, INSTRUCTIONS_FILE));
  if ('problem' in said) return { problem: `${INSTRUCTIONS_FILE}: ${said.problem}` };
  const recipients = said.recipients.length > 0 ? said.recipients : [...usual];
  if (recipients.length === 0)
    return { problem: `it is finished, and names nobody: put an address into ${INSTRUCTIONS_FILE}` };
  return { ...said, recipients };
}

function saidIn(file: string): Instructions | { problem: string } {
  if (!existsSync(file)) return { recipients: [], keywords: [] };
  try {
    return readInstructions(readText(file));
  } catch (error) {
    if (error instanceof NotText) return { problem: 'it is no text' };
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return { problem: code === 'EISDIR' ? 'it is a folder and not a file' : `it cannot be read (${code})` };
  }
}
