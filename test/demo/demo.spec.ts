// The demonstration is a test: the whole journey with real parts, every step checked, bytes compared.

import { expect, it } from '@jest/globals';
import { runCommand } from '../support/program.js';

it('goes from the instrument into somebody’s hands, each step checked', async () => {
  const { code, stdout, stderr } = await runCommand('test/demo/main.js', []);
  expect(`${stdout}\n${stderr}`).toContain('All steps held');
  expect(code).toBe(0);
});
