// A server or Mediaflux that is away: why, how long it is waited for, and when it is not.

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { MediafluxLink } from '../../data-mover/transfer/mediaflux-link.js';
import { createNamespace, createToken } from '../../src/mediaflux/services/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { Transport } from '../../src/mediaflux/protocol/index.js';
import { writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { Front, problem } from './front.js';
import { type Mover, Stage } from './stage.js';

let stage: Stage;
let front: Front;
let token: string;

beforeAll(async () => {
  stage = await Stage.open();
  front = await Front.before(stage.program.endpoints.server);
  token = /<token>([^<]+)</.exec(readFileSync(stage.settings, 'utf8'))?.[1] ?? '';
});
afterEach(() => {
  front.clear();
  stage.proxy.isAway = false;
});
afterAll(async () => {
  await front.close();
  await stage.close();
});

function upload(name: string, ...more: string[]): Mover {
  const folder = join(stage.work, name);
  writeTree(folder, { 'a.txt': name });
  return stage.mover('upload', '--url', front.url, '--token', token, '--to', `${name}@example.org`, ...more, folder);
}

it('is told with each reason once, and with how long it is waited for', async () => {
  front.answer(/POST .*uploads$/, problem(503, 'Mediaflux cannot be reached.'), 2);
  front.answer(
    /POST .*uploads$/,
    problem(429, 'Too many requests at once.', {
      date: 'Sun, 01 Mar 2026 00:00:00 GMT',
      'retry-after': 'Sun, 01 Mar 2026 00:00:02 GMT',
    }),
  );
  front.answer(/POST .*uploads$/, problem(503, 'Mediaflux cannot be reached.'));
  const { code, stderr } = await upload('reasons').finished;
  expect({ code, tries: front.asked(/POST .*uploads$/) }).toEqual({ code: 0, tries: 5 });
  const told = stderr.split('\n').filter((line) => line.includes('Waiting for it'));
  expect(told).toEqual([
    expect.stringMatching(/^Mediaflux cannot be reached\. Waiting for it, for up to 7 d 0 h; it is tried again/),
    expect.stringMatching(/^Too many requests at once\. .* next try in 2 s, as it asks …$/),
  ]);
  expect(stderr).toMatch(/It answers again, after \d+ s; going on\./);
});

it('is not asked again and again when it asks for more time than a timer holds', async () => {
  front.answer(/POST .*uploads$/, problem(429, 'Come back next month.', { 'retry-after': '2592000' }), 1_000_000);
  const mover = upload('month', '--give-up-after', '60d');
  await mover.says(/next try in 30 d 0 h, as it asks/);
  await mover.kill();
  expect(front.asked(/POST .*uploads$/)).toBe(1);
  expect(mover.stderr).not.toContain('TimeoutOverflow');
});

it('is asked once more at the end of the wait when it asks for more than that, and given up then', async () => {
  front.answer(/POST .*uploads$/, problem(503, 'Closed for the weekend.', { 'retry-after': '172800' }), 1_000_000);
  const { code, stderr } = await upload('weekend', '--give-up-after', '1s').finished;
  expect({ code, tries: front.asked(/POST .*uploads$/) }).toEqual({ code: 1, tries: 2 });
  expect(stderr).toContain('Closed for the weekend. Run the same command again to go on.');
});

it('is told with --quiet too, as is what is left out; nothing else is', async () => {
  front.answer(/POST .*uploads$/, problem(503, 'Mediaflux cannot be reached.'));
  writeTree(join(stage.work, 'quiet'), { 'b.txt': 'b' });
  symlinkSync('/dev/null', join(stage.work, 'quiet', 'link'));
  const { code, stdout, stderr } = await upload('quiet', '--quiet').finished;
  expect(code).toBe(0);
  expect(stderr.trimEnd().split('\n')).toEqual([
    expect.stringContaining('link: left out: it is a symbolic link'),
    expect.stringContaining('Mediaflux cannot be reached. Waiting for it'),
    expect.stringContaining('It answers again'),
  ]);
  expect(stdout).toMatch(/^Uploaded and verified:\n/);
  expect(stdout).toContain('  left out    1 entry, named above\n');
});

it('is waited for as long as Mediaflux itself asks', async () => {
  const namespace = '/projects/proj-researcher-1128.4.20/waiting';
  const transport = new Transport(stage.emulator.url);
  const credentials = { domain: 'demo', user: 'researcher', password: 'researcher' };
  const owner = new MediafluxSession({ transport, credentials });
  await createNamespace(owner, namespace);
  const made = await createToken(owner, { roles: [{ type: 'user', name: 'demo:researcher' }], to: 'now+1day' });
  await transport.close();
  const mediaflux = await Front.before(stage.emulator.url);
  // Three tries of a call make one of the transfer.
  mediaflux.answer(/POST \/__mflux_svc__/, { status: 503, headers: { 'retry-after': '2' } }, 3);
  const notes: string[] = [];
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const credential = { url: mediaflux.url, namespace, token: made.token, expiresAt };
  const link = new MediafluxLink(credential, {
    connections: 1,
    giveUpAfterMs: 60_000,
    note: (message) => notes.push(message),
    signal: new AbortController().signal,
    renew: () => Promise.resolve(credential),
    millisecondsUntil: () => 86_400_000,
  });
  await link.makeFolder('there');
  await link.close();
  await mediaflux.close();
  expect(notes[0]).toMatch(/HTTP status 503\. Waiting for it, .* next try in 2 s, as it asks/);
});

it('is told once, and not waited for, when a download has failed already', async () => {
  expect(await upload('failing').finished).toMatchObject({ code: 0 });
  const link = linkIn(await stage.program.mailbox.next('failing@example.org', /your data/));
  const here = link.replace(stage.program.endpoints.server, front.url);
  front.answer(/\/fail$/, problem(503, 'The database is away.'), 1_000_000);
  stage.proxy.isAway = true;
  const { code, stderr } = await stage.mover('download', here, join(stage.work, 'out'), '--give-up-after', '2s')
    .finished;
  expect({ code, told: front.asked(/\/fail$/) }).toEqual({ code: 1, told: 1 });
  expect(stderr).toContain('The server could not be told of the failure: The database is away.\n');
});

it('is told while the server cannot compare what was sent, which it goes on trying, and waited for no longer than asked', async () => {
  // The first question of a verification; the client asks no such thing.
  stage.emulator.faults.set({ service: 'asset.query', action: { error: 'the index is being rebuilt' } });
  const { code, stderr } = await upload('comparing', '--quiet', '--give-up-after', '5s').finished;
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('All is sent, but the server has not') });
  expect(stderr).toMatch(/^The server cannot compare yet: .*the index is being rebuilt/m);
  const again = upload('comparing', '--quiet');
  await again.says(/The server cannot compare yet/);
  stage.emulator.faults.clear();
  expect(await again.finished).toMatchObject({ code: 0 });
});
