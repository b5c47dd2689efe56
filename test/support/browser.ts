// A real browser: Chromium from npm on Linux x64, an installed one elsewhere.

import { existsSync } from 'node:fs';
import { type Browser, chromium as playwright } from 'playwright-core';

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
    return playwright.launch({ executablePath: await chromium.executablePath(), args, headless: true });
  }
  const executablePath = INSTALLED.find((path) => existsSync(path));
  if (executablePath === undefined)
    throw new Error('There is no Chrome or Chromium here; install one to run the browser tests.');
  return playwright.launch({ executablePath, headless: true });
}
