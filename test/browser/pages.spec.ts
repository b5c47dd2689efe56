// The pages behind a link, in a real browser, with script switched off.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { platformWith } from '../support/api.js';
import { launchBrowser } from '../support/browser.js';
import { contentsOf, writeSampleTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { dataMover, freshFolder, Program } from '../support/program.js';
import { contentsOfZip } from '../support/zip.js';

let program: Program;
let browser: Browser;
let link: string;
const work = freshFolder();
const shots = join('.cache', 'screenshots');

beforeAll(async () => {
  mkdirSync(shots, { recursive: true });
  program = await Program.start();
  const platform = platformWith({ name: 'Microscopy <b>&</b>' });
  const { id } = await program.admin.expect<{ id: string }>(201, 'POST', '/api/v1/admin/platforms', platform);
  const { settingsXml } = await program.admin.expect<{ settingsXml: string }>(
    201,
    'POST',
    `/api/v1/admin/platforms/${id}/shareables`,
    { label: 'PC' },
  );
  writeSampleTree(join(work, 'in'));
  writeFileSync(join(work, 'settings.xml'), settingsXml);
  const args = [
    'upload',
    '--settings',
    join(work, 'settings.xml'),
    '--to',
    'ada@example.org',
    '--note',
    '<script>alert(1)</script> www.example.org',
    '--json',
    join(work, 'in'),
  ];
  expect((await dataMover(args, join(work, 'state'))).code).toBe(0);
  link = linkIn(await program.mailbox.next('ada@example.org', /your data/));
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await program.stop();
});

const open = async (address: string): Promise<Page> => {
  const context = await browser.newContext({ javaScriptEnabled: false, acceptDownloads: true });
  const page = await context.newPage();
  await page.goto(address);
  return page;
};

describe('the page behind a link', () => {
  it('shows the data with what people typed as text, and never as markup', async () => {
    const page = await open(link);
    await page.screenshot({ path: join(shots, 'share.png'), fullPage: true });
    expect(await page.textContent('h1')).toContain('Data for you');
    expect(await page.textContent('dl')).toContain('<script>alert(1)</script>');
    expect(await page.locator('script').count()).toBe(0);
    expect(await page.textContent('table')).toContain('raw/plane-001.tif');
  });

  it('holds a link for scanners that no person sees, reaches with the keyboard, or hears', async () => {
    const page = await open(link);
    const hidden = page.locator('a[href$="/not-for-people"]');
    expect(await hidden.count()).toBe(1);
    expect(await page.getByRole('link', { name: /Not for people/ }).count()).toBe(0);
    const box = await hidden.boundingBox();
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThan(0);
    let copyReached = 0;
    for (let presses = 0; presses < 20; presses += 1) {
      await page.keyboard.press('Tab');
      copyReached += await page.locator('a[href$="/copy"]:focus').count();
      expect(await page.locator('a[href$="/not-for-people"]:focus').count()).toBe(0);
    }
    expect(copyReached).toBeGreaterThan(0);
    await page.emulateMedia({ media: 'print' });
    const printed = await hidden.boundingBox();
    expect((printed?.x ?? 0) + (printed?.width ?? 0)).toBeLessThan(0);
  });

  it('downloads a zip of exactly the files by its button', async () => {
    const page = await open(link);
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Download zip')]);
    const path = join(work, 'x.zip');
    await download.saveAs(path);
    expect(contentsOfZip(readFileSync(path))).toEqual(contentsOf(join(work, 'in')));
    await page.reload();
    expect(await page.textContent('main')).toContain('You started a direct download on');
  });

  it('takes “I have what I need”, and takes it back', async () => {
    const page = await open(link);
    await page.click('text=I have what I need');
    expect(await page.textContent('main')).toContain('You said on');
    await page.click('text=Undo: remind me after all');
    expect(await page.textContent('main')).toContain('Have you got everything?');
  });

  it('copies to a project by its form, and says what is wrong', async () => {
    const page = await open(link);
    await page.click('text=Copy to my project');
    await page.fill('#domain', 'demo');
    await page.fill('#user', 'researcher');
    await page.fill('#password', 'wrong');
    await page.fill('#destination', '/projects/proj-researcher-1128.4.20/by-form');
    await page.click('text=Start the copy');
    await page.screenshot({ path: join(shots, 'copy-refused.png'), fullPage: true });
    expect(await page.textContent('[role=alert]')).toContain('refused by Mediaflux');
    expect(await page.inputValue('#password')).toBe('');
    await page.fill('#password', 'researcher');
    await page.click('text=Start the copy');
    await page.waitForURL(/\/copy\/[\w-]+$/);
    for (let looks = 0; looks < 100 && !(await page.textContent('main'))?.includes('Done:'); looks += 1)
      await page.reload();
    expect(await page.textContent('main')).toContain('Done: 6 files');
  });

  it('says what an unknown link is, and shows no more', async () => {
    const page = await open(`${program.endpoints.server}/s/unknown-unknown-unknown`);
    await page.screenshot({ path: join(shots, 'unknown.png') });
    expect(await page.textContent('h1')).toBe('This link is not known');
  });
});
