// What the program writes: events for programs whatever happens, and readers that leave.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { root } from '../support/program.js';
import { eventsIn, Mover, Stage } from './stage.js';

const FILES = 300;
let stage: Stage;
let folder: string;

beforeAll(async () => {
  stage = await Stage.open();
  folder = join(stage.work, 'in');
  writeTree(folder, Object.fromEntries(Array.from({ length: FILES }, (_, index) => [`${index}.txt`, `file ${index}`])));
});
afterAll(() => stage.close());

const toUpload = (recipient: string, ...more: string[]): string[] => [
  'upload',
  '--settings',
  stage.settings,
  '--to',
  recipient,
  ...more,
];

describe('a reader that leaves', () => {
  it('does not end the upload: it is complete, and exits with 0', async () => {
    const mover = stage.mover(...toUpload('head@example.org', '--json', folder));
    mover.child.stdout?.once('data', () => mover.child.stdout?.destroy());
    const { code, stdout, stderr } = await mover.finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain('"done"');
    await stage.program.mailbox.next('head@example.org', /your data/);
  });

  it('of standard error does not end it either', async () => {
    const mover = stage.mover(...toUpload('error@example.org', '--again', folder));
    mover.child.stderr?.once('data', () => mover.child.stderr?.destroy());
    expect(await mover.finished).toMatchObject({ code: 0, stdout: expect.stringContaining('Uploaded and verified') });
  });

  // Only Linux has a file that is a full disk.
  (existsSync('/dev/full') ? it : it.skip)('is told of when its disk is full, and the upload goes on', async () => {
    const full = openSync('/dev/full', 'w');
    const { NODE_OPTIONS: _, INIT_CWD: __, ...env } = process.env;
    const program = join(root, 'dist', 'data-mover', 'main.js');
    const child = spawn(process.execPath, [program, ...toUpload('full@example.org', '--again', '--json', folder)], {
      stdio: ['ignore', full, 'pipe'],
      env: { ...env, CI: 'true', DATA_MOVER_STATE: stage.state },
    });
    const { code, stderr } = await new Mover(child).finished;
    closeSync(full);
    expect(code).toBe(0);
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringContaining('standard output any more (ENOSPC)')]);
  });
});

describe('wrong use', () => {
  const wrong: [what: string, args: () => string[], message: RegExp][] = [
    [
      'a settings file that is not there',
      () => ['upload', '--settings', '/none.xml', '--to', 'a@b.org', '.'],
      /none.xml/,
    ],
    ['nobody that the data are for', () => ['upload', '--settings', stage.settings, '.'], /--to/],
    ['a link that is none', () => ['download', 'not a link', 'out'], /link from the mail/],
    ['files at a time that are no number', () => ['download', '--parallel', 'x', 'a', 'b'], /number from 1 to 64/],
    ['an option that does not exist', () => ['verify', '--fast', '.'], /--fast/],
    ['no command', () => [], /unknown option|Usage/],
    ['a folder that is not there', () => toUpload('a@b.org', join(stage.work, 'none')), /There is no .*none/],
    ['no manifest', () => ['verify', stage.work], /no manifest/],
    ['an address that is none', () => toUpload('nobody', folder), /--to.*nobody.*e-mail address/],
    ['one of several that is none', () => toUpload('a@b.org; nobody', folder), /--to.*nobody.*e-mail address/],
    [
      'a folder in place of a settings file',
      () => ['check', '--settings', stage.work],
      /is a folder; name the settings/,
    ],
    ['a folder to verify that is not there', () => ['verify', join(stage.work, 'none')], /There is no .*none/],
    ['a watch without a settings file', () => ['watch', stage.work], /Give --settings settings\.xml\.$/m],
  ];

  it.each(wrong)('as %s is one event for a program that asked for events', async (_, args, message) => {
    const { code, stdout, stderr } = await stage.mover(...args(), '--json').finished;
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(eventsIn(stdout)).toEqual([{ event: 'error', message: expect.stringMatching(message) }]);
    expect(stdout).not.toContain('error: ');
  });

  it.each(wrong)('as %s is a sentence for a person', async (_, args, message) => {
    const { code, stdout, stderr } = await stage.mover(...args()).finished;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('of what the server refuses is told once', async () => {
    const { code, stderr } = await stage.mover(...toUpload('a@example.org', '--name', 'a/b', folder)).finished;
    expect({ code, times: stderr.match(/may hold letters and digits/g)?.length }).toEqual({ code: 2, times: 1 });
  });

  it('is no list of addresses with commas or semicolons, as people copy them', async () => {
    const some = join(stage.work, 'some');
    writeTree(some, { 'a.txt': 'a' });
    const { code, stdout } = await stage.mover(...toUpload('li@example.org, lu@example.org;', some, '--quiet'))
      .finished;
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('li@example.org, lu@example.org:') });
  });

  it('is a token that the server does not know, told to people as such, with 3', async () => {
    const { server } = stage.program.endpoints;
    const with_ = (url: string) =>
      stage.mover('upload', '--url', url, '--token', 'half-a-token', '--to', 'a@example.org', folder).finished;
    const unknown = await with_(server);
    expect(unknown.code).toBe(3);
    expect(unknown.stderr).toContain(`The server ${server} does not know this token. Was it copied whole?`);
    const below = await with_(`${server}/api`);
    expect(below.code).toBe(2);
    expect(below.stderr).toContain("with nothing behind the server's name");
  });
});

it('the log of a transfer is named, at its end and when it fails', async () => {
  const logged = join(stage.work, 'logged');
  writeTree(logged, { 'a.txt': 'a' });
  const done = await stage.mover(...toUpload('log@example.org', logged)).finished;
  const [, place = ''] = /^ {2}log {9}(.+)$/m.exec(done.stdout) ?? [];
  expect(readFileSync(place, 'utf8')).toContain(' done: ');
  writeTree(logged, { 'line\nbreak.txt': 'b' });
  const failed = await stage.mover(...toUpload('log@example.org', '--quiet', logged)).finished;
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain(`\nIts log: ${place}\n`);
  expect(readFileSync(place, 'utf8')).toContain(' ended: Nothing was sent');
});

it('events of an upload count what was left out', async () => {
  const linked = join(stage.work, 'linked');
  writeTree(linked, { 'a.txt': 'a' });
  symlinkSync('/dev/null', join(linked, 'one'));
  symlinkSync('/dev/null', join(linked, 'two'));
  const { stdout } = await stage.upload(linked).finished;
  expect(eventsIn(stdout).at(-1)).toMatchObject({ event: 'done', files: 1, leftOut: 2 });
});

it('events of a verification are those of a transfer that moves nothing', async () => {
  const few = join(stage.work, 'few');
  writeTree(few, { 'a.txt': 'aa', 'b.txt': 'bbb' });
  mkdirSync(join(few, 'empty'));
  expect(await stage.mover(...toUpload('few@example.org', few)).finished).toMatchObject({ code: 0 });
  const link = linkIn(await stage.program.mailbox.next('few@example.org', /your data/));
  const out = join(stage.work, 'few-out');
  expect(await stage.mover('download', link, out).finished).toMatchObject({ code: 0 });
  const good = await stage.mover('verify', out, '--json').finished;
  const file = (path: string) => ({ event: 'file', path, bytes: 0, skipped: true });
  expect(eventsIn(good.stdout).filter(({ event }) => event !== 'progress')).toEqual([
    { event: 'start', files: 2, bytes: 5 },
    file('a.txt'),
    file('b.txt'),
    { event: 'done', files: 2, bytes: 5, transferredBytes: 0 },
  ]);
  writeFileSync(join(out, 'a.txt'), 'AA');
  rmSync(join(out, 'b.txt'));
  const bad = await stage.mover('verify', out, '--json').finished;
  expect(bad.code).toBe(1);
  expect(eventsIn(bad.stdout)).toEqual([
    { event: 'start', files: 2, bytes: 5 },
    { event: 'error', path: 'a.txt', message: 'its content is another' },
    { event: 'error', path: 'b.txt', message: 'it is missing' },
    { event: 'error', message: expect.stringContaining('2 of 2 files are not as they were uploaded') },
  ]);
});

describe('while it looks through what is to be sent, which takes long with a million files', () => {
  // Its clock runs ten thousand times as fast: a moment of the walk is a long time.
  const fast = `const real = performance.now.bind(performance); performance.now = () => real() * 10_000;`;
  const terminal = `delete process.env.CI; Object.defineProperty(process.stderr, 'isTTY', { value: true });`;
  const uploadWith = (script: string, to: string, ...more: string[]) => {
    const nodeOptions = ['--import', `data:text/javascript,${encodeURIComponent(script)}`];
    return stage.moverOn({ nodeOptions }, ...toUpload(to, '--give-up-after', '2000w', ...more, '--again', folder))
      .finished;
  };
  const LOOKING = /Looking through what there is: \d+ files?, .*bytes so far …/;

  it('says now and then how many files it has found', async () => {
    const { code, stderr } = await uploadWith(fast, 'walk@example.org');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(LOOKING) });
  });

  it('paints it at a terminal, and takes it away', async () => {
    const { code, stderr } = await uploadWith(`${fast}${terminal}`, 'painted@example.org');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(LOOKING) });
    expect(stderr).toContain(`\x1b[1A\r\x1b[J${FILES} files, `);
  });

  it('says nothing with --quiet, and programs get no event that the contract does not name', async () => {
    const quiet = await uploadWith(fast, 'still@example.org', '--quiet');
    expect({ code: quiet.code, stderr: quiet.stderr }).toEqual({ code: 0, stderr: '' });
    const json = await uploadWith(fast, 'events@example.org', '--json');
    expect(eventsIn(json.stdout)[0]).toMatchObject({ event: 'start', files: FILES });
    expect(json.stderr).toMatch(LOOKING);
  });
});

it('helps with usual values as they are typed, and with the variables that it follows', async () => {
  const { code, stdout } = await stage.mover('--help').finished;
  expect(code).toBe(0);
  for (const text of ['HTTPS_PROXY', 'NO_PROXY', 'NODE_EXTRA_CA_CERTS', 'DATA_MOVER_STATE', 'Examples:'])
    expect(stdout).toContain(text);
  const upload = (await stage.mover('upload', '--help').finished).stdout.replace(/\s+/g, ' ');
  for (const text of ['(default: 7d)', '(default: 1GiB)', '(default: 128MiB)']) expect(upload).toContain(text);
  expect((await stage.mover('watch', '--help').finished).stdout).toContain('(default: 30s)');
});
