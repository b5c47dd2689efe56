// What the disk that is downloaded to may say, for the person whose disk it is.

import { Failure } from '../failures.js';

/** The disk is at fault and not the file: others would fare no better. */
export class DiskTrouble extends Failure {}

/** Other errors stay what they are. */
export function diskTrouble(error: unknown, path: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof Failure || typeof code !== 'string' || syscall === undefined) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new DiskTrouble('the disk is full; make room, and run the same command again to go on', 1, path);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new DiskTrouble('it may not be written there; choose another folder, or change its permissions', 1, path);
  if (code === 'EIO') return new DiskTrouble('the disk reports an error', 1, path);
  if (code === 'ENAMETOOLONG')
    return new Failure(
      'its name or its path is too long for this disk; download into a folder whose own path is shorter',
      1,
      path,
    );
  if (code === 'EISDIR' || code === 'ENOTDIR' || code === 'EEXIST' || code === 'ENOTEMPTY')
    return new Failure('a file and a folder of one name are in the way of each other', 1, path);
  return new Failure(`it cannot be written (${code})`, 1, path);
}
