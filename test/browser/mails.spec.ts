// The HTML part of mails as a narrow phone shows it: links and names without a space are long.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { dispatchTo } from '../support/dispatched.js';
import { Program } from '../support/program.js';

const shots = join('.cache', 'screenshots');
/** The longest that a platform's suffix may be, without a place to break. */
const SUFFIX = 'Zebrafischembryonen'.padEnd(64, 'x');
let program: Program;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(shots, { recursive: true });
  program = await Program.start();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await program.stop();
});

it('are no wider than a narrow phone: what brings the links, and what reminds of them', async () => {
  const { platformId } = await dispatchTo(program, ['ada'], {
    folderSuffix: SUFFIX,
    reminders: { enabled: true, schedule: '*/2 * * * * *', minimumAge: 'PT1S', minimumSpacing: 'PT1H' },
  });
  expect(platformId).not.toBe('');
  for (const [name, subject] of [
    ['dispatch', /your data/],
    ['reminder', /Reminder/],
  ] as const) {
    const { html } = await program.mailbox.next('ada@example.org', subject);
    expect(html).toContain(SUFFIX);
    const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
    const page = await context.newPage();
    await page.setContent(html);
    await page.screenshot({ path: join(shots, `mail-${name}.narrow.png`), fullPage: true });
    const wider = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect([name, wider]).toEqual([name, 0]);
    await context.close();
  }
});
