// Every state of every page behind a link, in light and dark, on narrow phones and on paper, in every language: axe finds
// nothing, nothing is wider than the screen, nothing is fetched from elsewhere, nothing is left in English.

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { factsOf, LANGUAGES } from '../../src/language/index.js';
import { launchBrowser } from '../support/browser.js';
import { englishIn } from './english.js';
import { LOGON, type PageState, PageStates, PROJECT } from './page-states.js';
import { auditOf, follow, Visitors } from './stage.js';

const NARROW = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' as const };
const LONG = process.env['DISPATCH_TEST_LONG'] !== undefined;
/** In the other languages; all of them are looked at in `npm run test:long`. */
const MAIN_STATES = [
  'live',
  'direct-started',
  'large-confirm',
  'copy-form',
  'copy-state-failed',
  'expired',
  'unsubscribe',
];
const NAMES = [
  'live',
  'direct-started',
  'direct-not-received',
  'direct-started-unreminded',
  'direct-not-received-unreminded',
  'reminders-stopped',
  'data-mover-moving',
  'data-mover-part',
  'data-mover-whole',
  'copied',
  'copy-failed',
  'done',
  'large',
  'large-confirm',
  'files',
  'copy-form',
  'copy-form-token-only',
  'copy-without-logon',
  'copy-state-completed',
  'copy-state-failed',
  'trouble',
  'hidden',
  'expired',
  'revoked',
  'gone',
  'replaced',
  'unknown',
  'unsubscribe',
  'unsubscribed',
  'data-mover-program',
  'more-time-asked',
  'no-such-folder',
];

let states: PageStates;
let browser: Browser;
let visitors: Visitors;

beforeAll(async () => {
  states = await PageStates.open();
  browser = await launchBrowser();
  visitors = new Visitors(browser, states.program);
});
afterEach(() => visitors.close());
afterAll(async () => {
  await browser.close();
  await states.program.stop();
});

const stateOf = (name: string): PageState => {
  const found = states.all.find((state) => state.name === name);
  if (!found) throw new Error(`There is no page state ${name}.`);
  return found;
};

it('of pages are all looked at', () => {
  expect(states.all.map(({ name }) => name)).toEqual(NAMES);
});

describe('a page behind a link', () => {
  it.each(NAMES)('%s: reads right in every look', async (name) => {
    const { address, says } = stateOf(name);
    const page = await visitors.open(address());
    expect(await page.textContent('main')).toMatch(says);
    expect(await visitors.faultsOf(name, address())).toEqual([]);
    expect(visitors.astray).toEqual([]);
  });
});

describe.each(LANGUAGES.filter((language) => language !== 'en'))('in %s, a page', (language) => {
  const { tag } = factsOf(language);

  it.each(LONG ? NAMES : MAIN_STATES)(
    '%s: says nothing in English, and reads right on a narrow phone',
    async (name) => {
      const { address } = stateOf(name);
      const faults = await visitors.faultsOf(`${name}.${language}`, address(), {
        looks: LONG ? undefined : ['narrow-dark'],
        locale: tag,
        also: async (page) => [
          ...((await page.getAttribute('html', 'lang')) === tag ? [] : [`lang is not ${tag}`]),
          ...(await englishIn(page, language)),
        ],
      });
      expect(faults).toEqual([]);
      expect(visitors.astray).toEqual([]);
    },
  );
});

it('is found to be English where it is', async () => {
  const found = async (language: (typeof LANGUAGES)[number]) => {
    const page = await visitors.open(stateOf('live').address(), { locale: 'en' });
    return englishIn(page, language);
  };
  for (const language of LANGUAGES)
    if (language !== 'en')
      expect(await found(language)).toEqual(
        expect.arrayContaining([expect.stringContaining('Have you got everything?')]),
      );
});

describe('the pages of a copy between logon and start', () => {
  const looks = [{ javaScriptEnabled: true }, { javaScriptEnabled: true, ...NARROW }];

  it.each(looks)('read right in look %#', async (look) => {
    const page = await visitors.open(`${states.link('live')}/copy`, look);
    const reads = async (says: RegExp): Promise<void> => {
      expect(await page.textContent('main')).toMatch(says);
      expect(await auditOf(page)).toEqual([]);
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(overflow).toBe(0);
    };
    await page.fill('#domain', LOGON.domain);
    await page.fill('#user', LOGON.user);
    await page.fill('#password', LOGON.password);
    await follow(page, 'main button');
    await reads(/Projects in which you may write.*proj-researcher-1128\.4\.20/s);
    await page.fill('#destination', '/projects/nowhere/at/all');
    await follow(page, 'main button');
    await reads(/The copy was not started:.*sees no namespace/s);
    await page.fill('#destination', `${PROJECT}/fetched`);
    await follow(page, 'main button');
    await reads(/2 files \(3 bytes\) will be copied to .*This namespace exists/s);
    await follow(page, 'text=Choose another destination');
    await page.fill('#destination', `${PROJECT}/another`);
    await follow(page, 'main button');
    await reads(/This namespace will be made/);
    expect(visitors.astray).toEqual([]);
  });
});

it('is found by axe where something is wrong', async () => {
  const page = await visitors.open('about:blank', { javaScriptEnabled: true });
  await page.setContent('<html><body><main><input><p style="color:#999;background:#fff">pale</p></main></body></html>');
  expect((await auditOf(page)).map((fault) => fault.split(':')[0]).sort()).toEqual(
    expect.arrayContaining(['color-contrast', 'html-has-lang', 'label']),
  );
});

describe('what browsers are told', () => {
  it.each([
    ['live', 200, () => states.link('live')],
    ['files', 200, () => `${states.link('live')}/files`],
    ['no such folder', 404, () => `${states.link('live')}/files?path=nowhere`],
    ['confirmation', 200, () => `${states.large}/direct-confirm`],
    ['a button’s address', 405, () => `${states.link('live')}/direct`],
    ['expired', 410, () => states.link('expired')],
    ['unknown', 404, () => `${states.server}/s/unknown-unknown`],
    ['an address below a link that is none', 404, () => `${states.link('live')}/nothing`],
    ['unsubscribe', 200, () => `${states.server}/u/${states.of('live').unsubscribe}`],
  ])('%s: no script within, no third party, nothing kept, nothing passed on', async (_, status, address) => {
    const reply = await fetch(address(), { headers: { accept: 'text/html' } });
    expect(reply.status).toBe(status);
    const html = await reply.text();
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).not.toMatch(/<script(?! src="\/assets\/page\.js")| on[a-z]+=| style=/i);
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex',
      'x-content-type-options': 'nosniff',
    });
    const policy = Object.fromEntries(
      (reply.headers.get('content-security-policy') ?? '').split('; ').map((rule) => {
        const [name = '', ...sources] = rule.split(' ');
        return [name, sources.join(' ')];
      }),
    );
    expect(policy).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self'",
      'form-action': `'self' ${new URL(states.program.endpoints.mediaflux).origin}`,
      'base-uri': "'none'",
      'frame-ancestors': "'none'",
    });
  });
});
