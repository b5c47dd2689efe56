// Where this program keeps what it remembers: outside the user's data, one folder for each transfer.

import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** `DATA_MOVER_STATE` says another place. */
function home(): string {
  const given = process.env['DATA_MOVER_STATE'];
  if (given) return given;
  if (process.platform === 'win32') return join(process.env['LOCALAPPDATA'] ?? homedir(), 'instrument-dispatch');
  return join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'instrument-dispatch');
}

/** @param about what makes the transfer this one, as in server, paths, recipients; it cannot be read back from the name */
export function folderFor(about: readonly string[]): string {
  const folder = join(home(), createHash('sha256').update(about.join('\0')).digest('hex').slice(0, 24));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
