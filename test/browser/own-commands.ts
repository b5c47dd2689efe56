// The commands that a page shows its visitor, as they stand there.

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** Where it is missing, `npm test` names it among the parts that were not exercised. */
export const isCurlHere = spawnSync('curl', ['--version'], { stdio: 'ignore' }).status === 0;

/**
 * Fetches the Data Mover and downloads the data with it, in a new folder.
 * @returns where the data are
 * @throws Error the command that failed
 */
export async function runOwnCommands(page: Page, folder: string): Promise<string> {
  const own = page.locator('section[aria-labelledby="data-mover"] ol >> visible=true');
  const commands = await own.locator('pre').allTextContents();
  mkdirSync(folder);
  // Set by `npm test`, and no visitor has it: the folder is relative to it then.
  const { INIT_CWD: _, ...inherited } = process.env;
  const env = { ...inherited, DATA_MOVER_STATE: join(folder, 'state') };
  for (const command of commands.slice(1)) {
    const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, env, encoding: 'utf8' });
    if (status !== 0)
      throw new Error(`This command of the page ended with ${status ?? 'a signal'}: ${command}\n${stderr}`);
  }
  return join(folder, commands[2]?.split(' ').at(-1) ?? '');
}
