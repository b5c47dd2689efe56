// The Data Mover.

import { CommanderError } from 'commander';
import { program } from './command-line/program.js';
import { Failure } from './failures.js';

program()
  .parseAsync()
  .catch((error: unknown) => {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = error instanceof Failure ? error.exitCode : 1;
    }
  })
  // Kept connections must not hold the program up, and what was written must be out.
  .finally(() => process.stdout.write('', () => process.exit()));
