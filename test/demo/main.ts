// `npm run demo [-- FOLDER]`: the whole journey on a throw-away data folder with real parts, each step checked.

import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Program } from '../support/program.js';
import { Steps } from './steps.js';
import { Journey } from './journey.js';
import { freshFolder } from '../support/folders.js';
import { writeSampleTree } from '../support/files.js';

async function main(): Promise<void> {
  const given = process.argv[2];
  const steps = new Steps();
  const work = freshFolder();
  let program: Program | undefined;
  try {
    const folder = given === undefined ? join(work, 'acquired') : resolve(process.env['INIT_CWD'] ?? '.', given);
    if (given === undefined) writeSampleTree(folder);
    else if (!existsSync(folder)) throw new Error(`There is no folder ${folder}.`);
    steps.title('From the instrument into somebody’s hands');
    program = await steps.step('Start everything: database, queue, Mediaflux emulator, mailbox, server', async () => {
      const started = await Program.start({ dataDir: join(work, 'data'), hasOwnPostgres: true });
      steps.say(`server ${started.endpoints.server}, mailbox ${started.endpoints.mailbox}`);
      return started;
    });
    await new Journey(steps, program, folder, work).run();
    await steps.step('Stop', async () => {
      const code = await program?.stop();
      steps.check(code === 0, 'everything has ended, with exit code 0');
    });
    steps.title('All steps held');
  } catch (error) {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    if (program) process.stderr.write(program.output.slice(-2_000));
    process.exitCode = 1;
    await program?.stop();
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

await main();
