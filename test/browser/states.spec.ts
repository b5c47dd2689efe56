// Every state of every page behind a link, in light and dark, on narrow phones and on paper: axe finds nothing, nothing
// is wider than the screen, nothing is fetched from elsewhere.

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { Transport } from '../../src/mediaflux/protocol/index.js';
import { uploadFile } from '../../src/mediaflux/services/index.js';
import { Api } from '../support/api.js';
import { launchBrowser } from '../support/browser.js';
import { type Dispatched, dispatchTo } from '../support/dispatched.js';
import { Program } from '../support/program.js';
import { until } from '../support/wait.js';
import { auditOf, FIREFOX_ON_WINDOWS, Visitors } from './stage.js';

const PROJECT = '/projects/proj-researcher-1128.4.20';
const LOGON = { domain: 'demo', user: 'researcher', password: 'researcher' };
const NARROW = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' as const };
const NAMES = ['live', 'direct', 'failed', 'moving', 'part', 'whole', 'copied', 'copy-failed', 'done', 'stopped'];
const ENDED = ['expired', 'revoked', 'gone'];

let program: Program;
let browser: Browser;
let visitors: Visitors;
let deliveries: Record<string, Dispatched>;
let large: Dispatched;
let tokenOnly: Dispatched;
const copies: Record<string, string> = {};

const server = (): string => program.endpoints.server;
const of = (name: string): Dispatched => deliveries[name] as Dispatched;
const link = (name: string): string => `${server()}/s/${of(name).token}`;
const post = (path: string): Promise<Response> =>
  fetch(`${server()}${path}`, { method: 'POST', redirect: 'manual', headers: { 'user-agent': FIREFOX_ON_WINDOWS } });

beforeAll(async () => {
  program = await Program.start();
  deliveries = (await dispatchTo(program, [...NAMES, ...ENDED])).deliveries;
  large = (await dispatchTo(program, ['large'], { directLimitBytes: 1 })).deliveries['large'] as Dispatched;
  tokenOnly = (await dispatchTo(program, ['token-only'], { copyPasswords: false })).deliveries[
    'token-only'
  ] as Dispatched;
  await post(`/s/${of('direct').token}/direct`);
  await post(`/s/${of('failed').token}/direct`);
  await post(`/s/${of('failed').token}/not-received`);
  await post(`/s/${of('done').token}/done`);
  await post(`/u/${of('stopped').unsubscribe}`);
  await download('moving', { progress: { files: 1, bytes: 1 } });
  await download('part', { complete: { whole: false, paths: ['a.txt'] } });
  await download('whole', { complete: { whole: true, files: 2, bytes: 3 } });
  copies['copied'] = await copy('copied', `${PROJECT}/fetched`, 'completed');
  await changeCopied(`${PROJECT}/fetched/a.txt`);
  copies['copy-failed'] = await copy('copy-failed', `${PROJECT}/fetched`, 'failed');
  await program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${of('revoked').id}/revoke`);
  const { default: pg } = await import('pg');
  const database = new pg.Client({ connectionString: program.endpoints.database });
  await database.connect();
  await database.query('update delivery set expires_at = now() where id = $1', [of('expired').id]);
  await database.query('update delivery set gone_at = now() where id = $1', [of('gone').id]);
  await database.end();
  browser = await launchBrowser();
  visitors = new Visitors(browser, program);
});
afterEach(() => visitors.close());
afterAll(async () => {
  await browser.close();
  await program.stop();
});

async function download(
  name: string,
  { progress, complete }: { progress?: unknown; complete?: unknown },
): Promise<void> {
  const api = new Api(server());
  const path = `/api/v1/shares/${of(name).token}/downloads`;
  const { id } = await api.expect<{ id: string }>(201, 'POST', path);
  if (progress) await api.expect(204, 'POST', `${path}/${id}/progress`, progress);
  if (complete) await api.expect(204, 'POST', `${path}/${id}/complete`, complete);
}

async function copy(name: string, destination: string, end: string): Promise<string> {
  const api = new Api(server());
  const path = `/api/v1/shares/${of(name).token}/copies`;
  const { id } = await api.expect<{ id: string }>(202, 'POST', path, { ...LOGON, destination });
  return until(`a copy that has ${end}`, async () => {
    const { state } = await api.expect<{ state: string }>(200, 'GET', `${path}/${id}`);
    return state === end ? id : undefined;
  });
}

/** The researcher changes a file of theirs, so that the next copy finds it different. */
async function changeCopied(path: string): Promise<void> {
  const transport = new Transport(program.endpoints.mediaflux.replace(/\/\/[^@/]*@/, '//'));
  const session = new MediafluxSession({ transport, credentials: LOGON });
  const bytes = Buffer.from('changed');
  await uploadFile(session, path, { name: 'a.txt', size: bytes.length, open: () => [bytes] });
  await transport.close();
}

describe('a page behind a link', () => {
  const states: [string, () => string, RegExp][] = [
    ['live', () => link('live'), /Data for you/],
    ['direct-started', () => link('direct'), /You started a direct download on .*It did not work, remind me anyway/s],
    ['direct-not-received', () => link('failed'), /You said on .* that it did not work/],
    ['data-mover-moving', () => link('moving'), /began on .*: 1 of 2 files/],
    ['data-mover-part', () => link('part'), /Downloaded with the Data Mover by .*: 1 of 2 files/],
    ['data-mover-whole', () => link('whole'), /Downloaded with the Data Mover on /],
    ['copied', () => link('copied'), /Copied to a project on /],
    ['copy-failed', () => link('copy-failed'), /A copy failed on /],
    ['done', () => link('done'), /You said on .* that you have what you need/],
    ['large', () => `${server()}/s/${large.token}`, /we recommend the Data Mover/],
    ['large-confirm', () => `${server()}/s/${large.token}/direct-confirm`, /Download 3 bytes as one zip file\?/],
    ['files', () => `${link('live')}/files`, /a\.txt/],
    ['copy-form', () => `${link('live')}/copy`, /Destination namespace/],
    ['copy-form-token-only', () => `${server()}/s/${tokenOnly.token}/copy`, /takes no passwords for copies/],
    ['copy-without-logon', () => `${link('live')}/copy/destination`, /not logged on any more/],
    ['copy-state-completed', () => `${link('copied')}/copy/${copies['copied'] ?? ''}`, /Done: 2 files/],
    [
      'copy-state-failed',
      () => `${link('copy-failed')}/copy/${copies['copy-failed'] ?? ''}`,
      /did not complete.*Log on and go on/s,
    ],
    ['trouble', () => `${link('live')}/direct`, /behind a button/],
    ['hidden', () => `${link('moving')}/not-for-people`, /There is nothing here/],
    ['expired', () => link('expired'), /no longer valid.*desk@example\.org/s],
    ['revoked', () => link('revoked'), /no longer valid.*desk@example\.org/s],
    ['gone', () => link('gone'), /no longer valid.*desk@example\.org/s],
    ['unknown', () => `${server()}/s/unknown-unknown-unknown`, /not known/],
    ['unsubscribe', () => `${server()}/u/${of('live').unsubscribe}`, /No more reminders/],
    ['unsubscribed', () => `${server()}/u/${of('stopped').unsubscribe}`, /No more reminders will be sent/],
    ['data-mover-program', () => `${server()}/data-mover/`, /SHA-256/],
  ];

  it.each(states)('%s: reads right in every look', async (name, address, says) => {
    const page = await visitors.open(address());
    expect(await page.textContent('main')).toMatch(says);
    expect(await visitors.faultsOf(name, address())).toEqual([]);
    expect(visitors.astray).toEqual([]);
  });
});

describe('the pages of a copy between logon and start', () => {
  const looks = [{ javaScriptEnabled: true }, { javaScriptEnabled: true, ...NARROW }];

  it.each(looks)('read right in look %#', async (look) => {
    const page = await visitors.open(`${link('live')}/copy`, look);
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
    await page.click('main button');
    await reads(/Projects in which you may write.*proj-researcher-1128\.4\.20/s);
    await page.fill('#destination', '/projects/nowhere/at/all');
    await page.click('main button');
    await reads(/The copy was not started:.*sees no namespace/s);
    await page.fill('#destination', `${PROJECT}/fetched`);
    await page.click('main button');
    await reads(/2 files \(3 bytes\) will be copied to .*This namespace exists/s);
    await page.click('text=Choose another destination');
    await page.fill('#destination', `${PROJECT}/another`);
    await page.click('main button');
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
    ['live', 200, () => link('live')],
    ['files', 200, () => `${link('live')}/files`],
    ['no such folder', 404, () => `${link('live')}/files?path=nowhere`],
    ['confirmation', 200, () => `${server()}/s/${large.token}/direct-confirm`],
    ['a button’s address', 405, () => `${link('live')}/direct`],
    ['expired', 410, () => link('expired')],
    ['unknown', 404, () => `${server()}/s/unknown-unknown`],
    ['an address below a link that is none', 404, () => `${link('live')}/nothing`],
    ['unsubscribe', 200, () => `${server()}/u/${of('live').unsubscribe}`],
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
      'form-action': `'self' ${new URL(program.endpoints.mediaflux).origin}`,
      'base-uri': "'none'",
      'frame-ancestors': "'none'",
    });
  });
});
