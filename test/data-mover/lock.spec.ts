// One run of a transfer at a time, whatever became of the one before.

import { expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder } from '../support/folders.js';
import { root } from '../support/program.js';
import { until } from '../support/wait.js';

const LONG = process.env['DISPATCH_TEST_LONG'] !== undefined;
const ROUNDS = LONG ? 40 : 6;
const AT_ONCE = 4;

/** Asks for the lock when a line comes, says what it got, and keeps it until the next line. */
const PROGRAM = `
  import { createInterface } from 'node:readline';
  import { lock } from ${JSON.stringify(join(root, 'dist', 'data-mover', 'journal', 'lock.js'))};
  console.log('ready');
  let unlock;
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'lock') {
      try {
        unlock = await lock(process.argv[1], 'this');
        console.log('held');
      } catch (error) {
        console.log(error.message);
      }
    } else {
      unlock();
      console.log('free');
    }
  }
`;

class Contender {
  said: string[] = [];
  private constructor(readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.said.push(...text.split('\n').filter(Boolean)));
  }

  static async start(file: string): Promise<Contender> {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const args = ['--input-type=module', '-e', PROGRAM, file];
    const one = new Contender(spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], env }));
    await one.answers(1);
    return one;
  }

  tell(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  answers(count: number): Promise<string> {
    return until(`answer ${count} of a contender`, () => this.said[count - 1]);
  }

  async kill(): Promise<void> {
    const closed = new Promise((resolve) => this.child.once('close', resolve));
    this.child.kill('SIGKILL');
    await closed;
  }
}

it('lets one of several in when the holder was killed, and names it to the others', async () => {
  const file = join(freshFolder(), 'lock');
  for (let round = 1; round <= ROUNDS; round += 1) {
    const contenders = await Promise.all(Array.from({ length: AT_ONCE }, () => Contender.start(file)));
    for (const one of contenders) one.tell('lock');
    const answers = await Promise.all(contenders.map((one) => one.answers(2)));
    expect(answers.filter((answer) => answer === 'held')).toHaveLength(1);
    expect(answers.filter((answer) => / is at this already\.$/.test(answer))).toHaveLength(AT_ONCE - 1);
    await Promise.all(contenders.map((one) => one.kill()));
  }
});

it('lets the next in when the holder lets go, and takes no number of a process for a holder', async () => {
  const file = join(freshFolder(), 'lock');
  // What a run left that was killed; its number is another process's now.
  writeFileSync(file, String(process.pid));
  writeFileSync(`${file}.process`, String(process.pid));
  const [first, second] = await Promise.all([Contender.start(file), Contender.start(file)]);
  first.tell('lock');
  expect(await first.answers(2)).toBe('held');
  second.tell('lock');
  expect(await second.answers(2)).toBe(`Process ${first.child.pid ?? 0} is at this already.`);
  first.tell('unlock');
  expect(await first.answers(3)).toBe('free');
  second.tell('lock');
  expect(await second.answers(3)).toBe('held');
  await Promise.all([first.kill(), second.kill()]);
});
