// What browsers tell other places of where a visitor comes from: nothing. An address of a page is the link itself.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, BrowserContext } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { type Dispatched, dispatchTo } from '../support/dispatched.js';
import { Program } from '../support/program.js';

let program: Program;
let browser: Browser;
let ada: Dispatched;

beforeAll(async () => {
  program = await Program.start();
  ada = (await dispatchTo(program, ['ada'])).deliveries['ada'] as Dispatched;
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await program.stop();
});

interface Sent {
  address: string;
  referer: string | undefined;
}

/** Every request of a browser, redirects included, with what it said of where it came from. */
async function visitor(javaScriptEnabled: boolean): Promise<{ context: BrowserContext; sent: () => Promise<Sent[]> }> {
  const context = await browser.newContext({ javaScriptEnabled, acceptDownloads: true });
  const sent: Promise<Sent>[] = [];
  context.on('request', (request) => {
    const address = request.url();
    sent.push(request.allHeaders().then((headers) => ({ address, referer: headers['referer'] })));
  });
  return { context, sent: () => Promise.all(sent) };
}

it.each([
  ['with', true],
  ['without', false],
])(
  'no request from a page names it, %s script: not to the server, nor to Mediaflux or elsewhere',
  async (_, script) => {
    const { context, sent } = await visitor(script);
    const elsewhere = 'https://elsewhere.example/';
    await context.route(`${elsewhere}**`, (route) => route.fulfill({ body: 'elsewhere', contentType: 'text/html' }));
    const page = await context.newPage();
    const { server, mediaflux } = program.endpoints;
    const link = `${server}/s/${ada.token}`;
    await page.goto(link);
    await Promise.all([page.waitForEvent('download'), page.click('text=Download zip')]);
    await page.click('text=I have what I need');
    await page.click('text=Undo');
    await page.click('text=Copy to my project');
    await page.goto(`${server}/u/${ada.unsubscribe}`);
    await page.click('text=No more reminders');
    // As a browser follows a link of any kind that a page might come to have.
    for (const address of [
      link,
      `${link}/files`,
      `${link}/copy`,
      `${link}/direct`,
      `${server}/u/${ada.unsubscribe}`,
      `${server}/s/unknown-unknown`,
    ]) {
      await page.goto(address);
      await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<a id="out" href="${elsewhere}">out</a>')`);
      await page.click('#out');
      expect(await page.textContent('body')).toBe('elsewhere');
    }
    const all = await sent();
    const to = (address: string) => all.filter((request) => request.address.startsWith(address)).length;
    expect(to(elsewhere)).toBe(6);
    expect(to(new URL(mediaflux).origin)).toBeGreaterThan(0);
    expect(all.filter(({ referer }) => referer !== undefined)).toEqual([]);
    await context.close();
  },
);
