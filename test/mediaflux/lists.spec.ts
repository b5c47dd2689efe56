// Lists that come in batches: the next is gathered while the one before is read and used. A canned server.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { queryBatches, queryValues } from '../../src/mediaflux/services/index.js';
import { CannedServer } from '../support/canned-server.js';
import { until } from '../support/wait.js';

const run = promisify(execFile);

let server: CannedServer;
beforeEach(() => {
  server = new CannedServer();
});
afterEach(() => server.close());

describe('the next batch of a list', () => {
  it('is asked for while the reader looks at the one before, and never after the last', async () => {
    const session = await server.start();
    server.answersList(
      '<asset id="1"/><iterated complete="false">1</iterated>',
      '<asset id="2"/><iterated complete="true">1</iterated>',
    );
    for await (const asset of queryValues(session, 'x', {})) {
      expect(asset.attributes['id']).toMatch(/[12]/);
      await until('the next batch is asked for', () =>
        server.callsOf('asset.query.iterate') === 2 ? true : undefined,
      );
      await session.call('server.ping');
    }
    expect(server.received.map(({ service }) => service).slice(-3)).toEqual([
      'asset.query.iterate',
      'server.ping',
      'server.ping',
    ]);
    expect(server.callsOf('asset.query.iterate')).toBe(2);
    expect(server.callsOf('asset.query.iterator.destroy')).toBe(0);
  });

  it('is asked for while the one before is still read, and only then', async () => {
    const session = await server.start();
    const assets = `<asset id="1"><n>${'x'.repeat(1_000)}</n></asset>`.repeat(1_000);
    server.answersList(
      `${assets}<iterated complete="false">1000</iterated>`,
      `${assets}<iterated complete="false">1000</iterated>`,
      `${assets}<iterated complete="true">1000</iterated>`,
    );
    let asked = 0;
    const take = (): void => void (asked = server.callsOf('asset.query.iterate'));
    const batches = queryBatches(session, 'x', {}, take);
    expect((await batches.next()).value).toHaveLength(1_000);
    expect(asked).toBe(2);
    // One is ahead; the reader, who wants none yet, need not keep two.
    for (let pings = 0; pings < 20; pings += 1) await session.call('server.ping');
    expect(server.callsOf('asset.query.iterate')).toBe(2);
    expect((await batches.next()).value).toHaveLength(1_000);
    expect((await batches.next()).value).toHaveLength(1_000);
    expect((await batches.next()).done).toBe(true);
    expect(server.callsOf('asset.query.iterate')).toBe(3);
    expect(server.callsOf('asset.query.iterator.destroy')).toBe(0);
  });

  it('that has come is not handed out any more once the caller has stopped', async () => {
    const session = await server.start();
    for (const isLast of [true, false]) {
      server.answersList(
        '<asset id="1"/><iterated complete="false">1</iterated>',
        `<asset id="2"/><iterated complete="${isLast}">1</iterated>`,
      );
      const before = server.callsOf('asset.query.iterate');
      const stop = new AbortController();
      const reason = new Error('stopped');
      const found: (string | undefined)[] = [];
      const reading = (async () => {
        for await (const asset of queryValues(session, 'x', {}, stop.signal)) {
          found.push(asset.attributes['id']);
          await until('the next batch is asked for', () =>
            server.callsOf('asset.query.iterate') === before + 2 ? true : undefined,
          );
          await session.call('server.ping');
          stop.abort(reason);
        }
      })();
      await expect(reading).rejects.toBe(reason);
      expect(found).toEqual(['1']);
    }
  });

  it('that fails while the reader looks at the one before is told when it is wanted', async () => {
    const session = await server.start();
    server.answersList('<asset id="1"/><iterated complete="false">1</iterated>', '<asset id="2"/>');
    const found: (string | undefined)[] = [];
    const reading = (async () => {
      for await (const asset of queryValues(session, 'x', {})) {
        found.push(asset.attributes['id']);
        await until('the next batch is asked for', () =>
          server.callsOf('asset.query.iterate') === 2 ? true : undefined,
        );
        await session.call('server.ping');
      }
    })();
    await expect(reading).rejects.toMatchObject({ kind: 'malformed-reply', service: 'asset.query.iterate' });
    expect(found).toEqual(['1']);
    expect(server.callsOf('asset.query.iterator.destroy')).toBe(1);
  });

  it('that fails while its reader is elsewhere ends no program', async () => {
    await server.start();
    server.answersList('<asset id="1"/><iterated complete="false">1</iterated>', '<asset id="2"/>');
    const reading = `const { Transport } = await import('./dist/src/mediaflux/protocol/index.js');
      const { MediafluxSession } = await import('./dist/src/mediaflux/session/index.js');
      const { queryValues } = await import('./dist/src/mediaflux/services/index.js');
      const transport = new Transport('${server.url}');
      const session = new MediafluxSession({ transport, credentials: { domain: 'd', user: 'u', password: 'p' } });
      for await (const asset of queryValues(session, 'x', {})) {
        for (let pings = 0; pings < 20; pings += 1) await session.call('server.ping');
        break;
      }
      await transport.close();
      console.log('read to the end');`;
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', reading], { env, timeout: 20_000 });
    expect(stdout.trim()).toBe('read to the end');
    expect(server.callsOf('asset.query.iterate')).toBe(2);
  });
});
