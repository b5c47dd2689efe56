// A browser's pages as tests look at them: every look of a page audited by axe and photographed, and no request that
// leaves for anywhere but the server and Mediaflux.

import axe from 'axe-core';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page, ViewportSize } from 'playwright-core';
import type { Program } from '../support/program.js';

/** Build output; looked at by people, compared with nothing. */
const SHOTS = join('.cache', 'screenshots');

export const FIREFOX_ON_WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';

interface Look {
  name: string;
  viewport: ViewportSize;
  media: { colorScheme: 'light' | 'dark'; media: 'screen' | 'print' };
}

const WIDE = { width: 1_000, height: 800 };
const NARROW = { width: 360, height: 740 };
const LOOKS: readonly Look[] = [
  { name: 'wide', viewport: WIDE, media: { colorScheme: 'light', media: 'screen' } },
  { name: 'narrow-dark', viewport: NARROW, media: { colorScheme: 'dark', media: 'screen' } },
  { name: 'print', viewport: WIDE, media: { colorScheme: 'dark', media: 'print' } },
];

interface Asked {
  /** By name; all of them if left out. */
  looks?: readonly string[] | undefined;
  /** What the browser says that its visitor reads. */
  locale?: string;
  /** More that may be wrong with the page as it stands. */
  also?: (page: Page) => Promise<string[]> | string[];
}

export class Visitors {
  /** Addresses that pages asked for outside the server and Mediaflux. */
  readonly astray: string[] = [];
  private readonly contexts: BrowserContext[] = [];

  constructor(
    private readonly browser: Browser,
    private readonly program: Program,
  ) {
    mkdirSync(SHOTS, { recursive: true });
  }

  /** A visitor with a browser of their own. Script is off unless asked for. */
  async open(address: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ javaScriptEnabled: false, acceptDownloads: true, ...options });
    this.contexts.push(context);
    const { server, mediaflux } = this.program.endpoints;
    const own = [server, mediaflux].map((url) => new URL(url).origin);
    context.on('request', (request) => {
      if (!own.includes(new URL(request.url()).origin)) this.astray.push(request.url());
    });
    const page = await context.newPage();
    await page.goto(address);
    return page;
  }

  async close(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
  }

  /** Everything that is wrong with a page in any look, a line each; photographs are left in the build output. */
  async faultsOf(name: string, address: string, asked: Asked = {}): Promise<string[]> {
    const faults: string[] = [];
    const { looks = LOOKS.map((look) => look.name), also = () => [], locale } = asked;
    const page = await this.open(address, {
      javaScriptEnabled: true,
      ...(locale === undefined ? {} : { locale }),
    });
    for (const details of await page.locator('details').all())
      await details.evaluate((element) => element.setAttribute('open', ''));
    for (const look of LOOKS.filter((one) => looks.includes(one.name))) {
      await page.setViewportSize(look.viewport);
      await page.emulateMedia(look.media);
      await page.screenshot({ path: join(SHOTS, `${name}.${look.name}.png`), fullPage: true });
      for (const fault of [...(await auditOf(page)), ...(await also(page))]) faults.push(`${look.name}: ${fault}`);
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      if (Number(overflow) > 0) faults.push(`${look.name}: ${String(overflow)} px wider than the screen`);
    }
    await page.context().close();
    return faults;
  }
}

/**
 * Presses a button or a link that leads to another page, and waits until that one is there. What is read, or loaded
 * again, right after a click alone may still be the page before.
 */
export async function follow(page: Page, target: string | Locator): Promise<void> {
  const locator = typeof target === 'string' ? page.locator(target).first() : target;
  await Promise.all([page.waitForEvent('framenavigated'), locator.click()]);
  await page.waitForLoadState();
}

interface Violation {
  id: string;
  nodes: { html: string; failureSummary?: string }[];
}

/** What it finds right is counted nowhere, and would be megabytes for each page. */
const VIOLATIONS = `axe.run({ resultTypes: ['violations'] }).then(({ violations }) =>
  violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })) })))`;

/** Axe's violations. What the debugger runs is not held to the page's own rules for script. */
export async function auditOf(page: Page): Promise<string[]> {
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(axe.source);
  const violations = await page.evaluate<Violation[]>(VIOLATIONS);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html}: ${node.failureSummary ?? ''}`),
  );
}
