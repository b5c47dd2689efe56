// Asking for more time in a real browser, with script switched off.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { dispatchTo } from '../support/dispatched.js';
import { Program } from '../support/program.js';
import { follow } from './stage.js';

const shots = join('.cache', 'screenshots');
let program: Program;
let browser: Browser;
let database: pg.Client;

beforeAll(async () => {
  mkdirSync(shots, { recursive: true });
  program = await Program.start();
  database = new pg.Client({ connectionString: program.endpoints.database });
  await database.connect();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await database.end();
  await program.stop();
});

it('is one press of a button, after which the page says that it was asked for and when', async () => {
  const { deliveries } = await dispatchTo(program, ['ada']);
  const delivery = deliveries['ada'];
  await database.query(`update delivery set expires_at = now() - interval '1 day' where id = $1`, [delivery?.id]);
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).origin));
  const reply = await page.goto(`${program.endpoints.server}/s/${delivery?.token ?? ''}`);
  expect(reply?.status()).toBe(410);
  expect(await page.textContent('h1')).toBe('This link is no longer valid');
  expect(await page.textContent('main')).toContain('desk@example.org');
  await page.screenshot({ path: join(shots, 'more-time-expired.png'), fullPage: true });
  await follow(page, page.getByRole('button', { name: 'Ask for more time' }));
  expect(await page.getByRole('status').textContent()).toMatch(/^More time was asked for on .+\d{4}/);
  expect(await page.getByRole('button').count()).toBe(0);
  await page.screenshot({ path: join(shots, 'more-time-asked.png'), fullPage: true });
  expect(new Set(asked)).toEqual(new Set([new URL(program.endpoints.server).origin]));
  const open = await program.admin.expect<{ items: { recipient: string }[] }>(
    200,
    'GET',
    '/api/v1/admin/extension-requests?state=open',
  );
  expect(open.items).toMatchObject([{ recipient: 'ada@example.org' }]);
});
