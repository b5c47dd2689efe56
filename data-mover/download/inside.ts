// What is downloaded lies in the folder that was named, and nowhere else: a link below it may lead to another place in it,
// and not out of it.

import { lstatSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { Failure } from '../failures.js';
import { diskTrouble } from './disk-trouble.js';

/** So many folders are remembered; to look at one again changes nothing. */
const REMEMBERED = 10_000;

export class Inside {
  private readonly known = new Set<string>();
  private realTarget: string | undefined;

  constructor(private readonly target: string) {}

  /**
   * @param folder below the target; it need not be there yet
   * @param path of the file that is to lie in it
   * @throws Failure a link on the way leads out
   */
  check(folder: string, path: string): void {
    if (this.known.has(folder)) return;
    if (this.known.size > REMEMBERED) this.known.clear();
    let place = this.target;
    for (const name of relative(this.target, folder).split(sep)) {
      place = join(place, name);
      if (this.known.has(place)) continue;
      if (!this.isThereAndInside(place, path)) return;
      this.known.add(place);
    }
  }

  private isThereAndInside(place: string, path: string): boolean {
    try {
      const found = lstatSync(place, { throwIfNoEntry: false });
      if (!found?.isSymbolicLink()) return found !== undefined;
      this.realTarget ??= realpathSync(this.target);
      const real = realpathSync(place);
      if (real === this.realTarget || real.startsWith(this.realTarget + sep)) return true;
    } catch (error) {
      throw diskTrouble(error, path);
    }
    const link = relative(this.target, place).split(sep).join('/');
    throw new Failure(
      `${link} is a link that leads out of the folder; remove it, or download into the folder that it leads to`,
      1,
      path,
    );
  }
}
