// What browsers tell other places of where a visitor comes from: nothing. An address of a page is the link itself.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, BrowserContext } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { type Dispatched, dispatchTo } from '../support/dispatched.js';
import { Program } from '../support/program.js';
import { follow } from './stage.js';

let program: Program;
let browser: Browser;
let deliveries: Record<string, Dispatched>;

beforeAll(async () => {
  program = await Program.start();
  ({ deliveries } = await dispatchTo(program, ['ada', 'bob']));
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
  ['with', true, 'ada'],
  ['without', false, 'bob'],
])(
  'no request from a page names it, %s script: not to the server, nor to Mediaflux or elsewhere',
  async (_, script, recipient) => {
    const { token, unsubscribe } = deliveries[recipient] as Dispatched;
    const { context, sent } = await visitor(script);
    const elsewhere = 'https://elsewhere.example/';
    await context.route(`${elsewhere}**`, (route) => route.fulfill({ body: 'elsewhere', contentType: 'text/html' }));
    const page = await context.newPage();
    const { server, mediaflux } = program.endpoints;
    const link = `${server}/s/${token}`;
    await page.goto(link);
    await Promise.all([page.waitForEvent('download'), page.click('text=Download zip')]);
    await follow(page, 'text=I have what I need');
    await follow(page, 'text=Undo');
    await follow(page, 'text=Copy to my project');
    await page.goto(`${server}/u/${unsubscribe}`);
    await follow(page, page.getByRole('button', { name: 'No more reminders' }));
    expect(await page.textContent('main')).toContain('No more reminders will be sent');
    // As a browser follows a link of any kind that a page might come to have.
    for (const address of [
      link,
      `${link}/files`,
      `${link}/copy`,
      `${link}/direct`,
      `${server}/u/${unsubscribe}`,
      `${server}/s/unknown-unknown`,
    ]) {
      await page.goto(address);
      await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<a id="out" href="${elsewhere}">out</a>')`);
      await follow(page, '#out');
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
