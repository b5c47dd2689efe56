// Manifests as they come over HTTP: what is wrong is told by line number, and the answer always arrives.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { Instrument } from '../support/instrument.js';
import { stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';

let instrument: Instrument;

const stage = stageOf();
beforeAll(async () => {
  instrument = await stage.instrument();
});

interface Problem {
  status: number;
  errors: { path: string; message: string }[];
}

const line = (path: string, fields: Record<string, unknown> = {}): string =>
  JSON.stringify({ path, size: 1, crc32: '00000000', ...fields });

const refusedFor = async (body: string): Promise<Problem['errors']> => {
  const { id } = await instrument.start();
  const reply = await instrument.putManifest(id, body);
  expect(reply.status).toBe(422);
  return ((await reply.json()) as Problem).errors;
};

describe('a faulty manifest', () => {
  it.each([
    ['an absolute path', line('/etc/passwd'), 'relative'],
    ['a path that climbs', line('a/../b'), '".."'],
    ['a control character', line('a\u0007b'), 'control character'],
    ['a line break in a name', line('a\nb'), 'control character'],
    ['a path that is too long', line(`${'y/'.repeat(2_100)}z`), '4096'],
    ['a name that is too long', line('é'.repeat(128)), '255'],
    ['a checksum in capitals', line('a', { crc32: '1A2B3C4D' }), 'eight lower-case'],
    ['a checksum that is too short', line('a', { crc32: '1a2b3c' }), 'eight lower-case'],
    ['a time without a zone', line('a', { mtime: '2026-03-01T09:00:00' }), 'mtime'],
    ['a day that is none', line('a', { mtime: '2026-02-30T09:00:00Z' }), 'mtime'],
    ['half a character', '{"path":"a\\ud800b","size":1,"crc32":"00000000"}', 'Unicode'],
    ['a line without an end', line('x'.repeat(40_000)), 'too long'],
  ])('is refused with the number of its line: %s', async (_, text, words) => {
    const errors = await refusedFor(`${line('good')}\n\n${text}\n${line('more')}\n`);
    expect(errors).toEqual([{ path: 'line 3', message: expect.stringContaining(words) }]);
  });

  it('names every line at fault, up to twenty, and each doubled path', async () => {
    const many = await refusedFor(Array.from({ length: 1_000 }, () => '{').join('\n'));
    expect(many.map(({ path }) => path)).toEqual(Array.from({ length: 20 }, (_, index) => `line ${index + 1}`));
    const doubled = [line('a'), line('b'), line('a'), line('A'), line('b'), line('c'), line('a')].join('\n');
    expect((await refusedFor(doubled)).map(({ path }) => path)).toEqual(['line 3', 'line 5', 'line 7']);
  });

  it('is refused where a file is a folder on other lines, in whatever order and depth', async () => {
    const body = [line('a'), line('b/c/d'), line('a/b'), line('b'), line('x/y'), line('b/c'), line('good/z')].join(
      '\n',
    );
    const errors = await refusedFor(body);
    expect(errors.map(({ path }) => path)).toEqual(['line 1', 'line 4', 'line 6']);
    expect(errors[0]?.message).toContain('folder');
    const { id } = await instrument.start();
    const apart = [line('a'), line('ab/c'), line('a.b/c'), line('c/a'), '{"path":"e","type":"directory"}'].join('\n');
    expect((await instrument.putManifest(id, apart)).status).toBe(204);
    expect((await instrument.get(id)).warnings).toEqual([]);
  });

  it('is refused where it is not UTF-8', async () => {
    const { id } = await instrument.start();
    const bytes = Buffer.concat([Buffer.from('{"path":"a'), Buffer.from([0xff]), Buffer.from('","size":1}')]);
    const reply = await fetch(`${stage.server}/api/v1/uploads/${id}/manifest`, {
      method: 'PUT',
      body: bytes,
      headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${instrument.token}` },
    });
    expect(reply.status).toBe(422);
  });

  it('is answered although megabytes of it are still to come', async () => {
    const { id } = await instrument.start();
    const filler = Array.from({ length: 2_000 }, (_, index) => line(`file-${index}`)).join('\n');
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (sent === 0) controller.enqueue(Buffer.from('{\n'.repeat(30)));
        else if (sent <= 200) controller.enqueue(Buffer.from(`${filler}\n`));
        else controller.close();
        sent += 1;
      },
    });
    const reply = await instrument.putManifest(id, body);
    expect(reply.status).toBe(422);
    expect(((await reply.json()) as Problem).errors).toHaveLength(20);
    expect((await instrument.get(id)).files).toBe(0);
  });
});

describe('a manifest', () => {
  it('replaces the former one, with its warnings', async () => {
    const { id } = await instrument.start();
    const clashing = ['Plane.TIF', 'plane.tif', 'e\u0301.txt', '\u00e9.txt', 'other', 'sub/a', 'sub/A', 'D', 'd/y'].map(
      (path) => line(path),
    );
    expect((await instrument.putManifest(id, clashing.join('\n'))).status).toBe(204);
    const first = await instrument.get(id);
    expect(first.files).toBe(9);
    expect(first.warnings).toHaveLength(1);
    for (const name of ['Plane.TIF', 'plane.tif', '\u00e9.txt', 'sub/a', 'sub/A', 'd/'])
      expect(first.warnings[0]).toContain(`“${name}”`);
    expect(first.warnings[0]).not.toContain('other');
    expect((await instrument.putManifest(id, line('only'))).status).toBe(204);
    expect(await instrument.get(id)).toMatchObject({ files: 1, warnings: [] });
  });

  it('warns of a file that is a folder of others where case does not count, in any letters', async () => {
    const { id } = await instrument.start();
    const paths = ['Überblick', 'überblick/plan', 'e\u0301/a/b', 'x/y', 'x/z', '\u00e9', 'Run/1/z', 'run/1', 'Über'];
    expect((await instrument.putManifest(id, paths.map((path) => line(path)).join('\n'))).status).toBe(204);
    const { warnings } = await instrument.get(id);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('“Überblick” and “überblick/”; “\u00e9” and “e\u0301/”; “run/1” and “Run/1/”.');
  });

  it('warns of no names that only have the same checksum, and of the last of many folders', async () => {
    const { id } = await instrument.start();
    // The two have one CRC-32.
    const paths = [
      'plumless',
      'buckeroo/x',
      'Z',
      ...Array.from({ length: 10_050 }, (_, number) => `f/${number}/x`),
      'z/x',
    ];
    expect((await instrument.putManifest(id, paths.map((path) => line(path)).join('\n'))).status).toBe(204);
    const { warnings } = await instrument.get(id);
    expect(warnings).toEqual([expect.stringMatching(/fetched there: “Z” and “z\/”\.$/)]);
  });

  it('is read the same whatever pieces it comes in, with other line ends and empty lines', async () => {
    const text = `${line('größe «日本» 😀')}\r\n\r\n${line('b', { mtime: '2026-03-01T09:00:00.5+11:00' })}\n{"path":"c/d/","type":"directory"}`;
    const bytes = Buffer.from(text);
    for (const size of [1, 2, 3, 7, bytes.length]) {
      const { id } = await instrument.start();
      let at = 0;
      const body = new ReadableStream({
        pull(controller) {
          if (at >= bytes.length) controller.close();
          else controller.enqueue(bytes.subarray(at, (at += size)));
        },
      });
      expect((await instrument.putManifest(id, body)).status).toBe(204);
      const { items } = await stage.program.admin.expect<{ items: unknown[] }>(
        200,
        'GET',
        `/api/v1/admin/uploads/${id}/files`,
      );
      expect(items).toMatchObject([
        { path: 'größe «日本» 😀', type: 'file', size: 1, crc32: '00000000' },
        { path: 'b', type: 'file' },
        { path: 'c/d', type: 'directory' },
      ]);
    }
  });

  it('that breaks off leaves the former one, and the server as it was', async () => {
    const { id } = await instrument.start();
    expect((await instrument.putManifest(id, line('former'))).status).toBe(204);
    const broken = new Promise<void>((resolve) => {
      const sending = request(`${stage.server}/api/v1/uploads/${id}/manifest`, {
        method: 'PUT',
        headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${instrument.token}` },
      });
      sending.once('error', () => resolve());
      sending.once('close', () => resolve());
      sending.write(`${line('half')}\n`, () => sending.destroy());
    });
    await broken;
    await until('the former to stand and the next to be taken', async () =>
      (await instrument.putManifest(id, [line('next'), line('more')].join('\n'))).status === 204 ? true : undefined,
    );
    expect((await instrument.get(id)).files).toBe(2);
    expect(stage.program.output).not.toContain('not foreseen');
  });
});
