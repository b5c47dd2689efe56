// Operators whose address stands in the metadata of a Mediaflux project: whom a notice goes to, and what becomes of it
// where there is none. Real PostgreSQL, real sockets, the emulator, set time.

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { join } from 'node:path';
import { type RunningEmulator, startEmulator } from '../../emulator/index.js';
import { MediafluxGateway } from '../../src/mediaflux/index.js';
import { freshFolder } from '../support/folders.js';
import { RawClient } from '../support/raw-client.js';
import { Notified, one } from './notified.js';
import { type Due, stageAt } from './stage.js';

const NOW = new Date('2025-03-08T00:00:00Z');
const MICROSCOPY = '/projects/proj-microscopy-1128.4.15/uploads';

const stage = stageAt(NOW);
const operators = new Notified(stage);
let emulator: RunningEmulator;
let gateway: MediafluxGateway;

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir: join(freshFolder(), 'emulator') });
  gateway = new MediafluxGateway({
    url: emulator.url,
    credentials: { domain: 'service', user: 'dispatch', password: 'dispatch' },
  });
});
afterAll(async () => {
  await gateway.close();
  await emulator.close();
});

async function asManager(service: string, args: string): Promise<string> {
  const manager = new RawClient(emulator.url, { domain: 'system', user: 'manager', password: 'manager' });
  await manager.logon();
  const reply = await manager.call(service, args);
  if (!reply.includes('type="result"')) throw new Error(reply);
  return reply;
}

const contactOf = (email: string, action = 'merge'): string =>
  `<meta action="${action}"><dispatch:project xmlns:dispatch="dispatch"><name>Microscopy</name><contact><email>${email.replaceAll('<', '&lt;')}</email></contact></dispatch:project></meta>`;

/** As the facility's staff write it into the project's metadata. */
const writeContact = (email: string): Promise<string> =>
  asManager('asset.set', `<id>path=/projects/proj-microscopy-1128.4.15/project</id>${contactOf(email, 'replace')}`);

const makePlatform = (fields: Record<string, unknown> = {}): Promise<string> =>
  stage.makePlatform({ namespace: MICROSCOPY, reminder_operator_notice: 'project-metadata', ...fields });

/** Reminds everybody, ends the run and tells of it. */
async function run(platformId: string): Promise<void> {
  const runId = await stage.select(platformId);
  await stage.send();
  await stage.finish(runId, gateway);
  await stage.send();
}

async function expectToldOfAll(...all: readonly Due[]): Promise<void> {
  const { text } = one(await operators.told('facility@example.org'));
  for (const { recipient } of all) expect(text).toContain(recipient);
  expect(text).not.toContain('The metadata of the Mediaflux project');
}

describe('the address in the project’s metadata', () => {
  it('is told of all uploads of the run, and nobody else is', async () => {
    const platformId = await makePlatform();
    const shareable = await operators.makeShareable(platformId);
    const [a, b] = [await operators.makeDueOf(platformId, shareable), await operators.makeDueOf(platformId, undefined)];
    await run(platformId);
    await expectToldOfAll(a, b);
    expect(await operators.told(shareable.operator)).toEqual([]);
  });

  it('is told of all also where it is an address of a shareable too', async () => {
    const platformId = await makePlatform();
    const [{ id }] = (await stage.query<{ id: string }>(
      `insert into person (id, address, address_key) values (gen_random_uuid(), 'facility@example.org', 'facility@example.org')
           on conflict (address_key) do update set address = excluded.address returning id`,
    )) as [{ id: string }];
    const [a, b] = [
      await operators.makeDueOf(platformId, await operators.makeShareable(platformId, id)),
      await operators.makeDueOf(platformId, await operators.makeShareable(platformId)),
    ];
    await run(platformId);
    await expectToldOfAll(a, b);
  });

  it.each(['run', 'reminder'])(
    'that is missing is replaced by the shareable’s, which says so: form %s',
    async (form) => {
      const platformId = await makePlatform({
        namespace: '/projects/proj-researcher-1128.4.20/uploads',
        reminder_notice_form: form,
      });
      const [ours, theirs] = [await operators.makeShareable(platformId), await operators.makeShareable(platformId)];
      const [a, b] = [await operators.makeDueOf(platformId, ours), await operators.makeDueOf(platformId, theirs)];
      await run(platformId);
      const { text } = one(await operators.told(ours.operator));
      expect(text).toContain('The metadata of the Mediaflux project name no valid address');
      expect([text.includes(a.recipient), text.includes(b.recipient)]).toEqual([true, false]);
    },
  );

  it.each(['see the wiki', 'facility@', 'Facility <facility@example.org>', 'a@example.org, b@example.org'])(
    'that is no address, as “%s”, is replaced by the shareable’s, which says so, and the log does not repeat it',
    async (written) => {
      const platformId = await makePlatform();
      const [ours, theirs] = [await operators.makeShareable(platformId), await operators.makeShareable(platformId)];
      const [a, b] = [await operators.makeDueOf(platformId, ours), await operators.makeDueOf(platformId, theirs)];
      const runId = await stage.select(platformId);
      await stage.send();
      const warn = jest.spyOn(Logger.prototype, 'warn');
      await writeContact(written);
      try {
        await stage.finish(runId, gateway);
        expect(warn.mock.calls.map(([fields]) => fields as unknown)).toEqual([{ platformId, runId }]);
        expect(JSON.stringify(warn.mock.calls)).not.toContain(written);
      } finally {
        warn.mockRestore();
        await writeContact('facility@example.org');
      }
      await stage.send();
      expect(await operators.told('facility@example.org')).toEqual([]);
      for (const [shareable, due, other] of [
        [ours, a, b],
        [theirs, b, a],
      ] as const) {
        const { text } = one(await operators.told(shareable.operator));
        expect(text).toContain('The metadata of the Mediaflux project name no valid address');
        expect([text.includes(due.recipient), text.includes(other.recipient)]).toEqual([true, false]);
      }
      const [run] = await stage.query('select notice_target from reminder_run where id = $1', [runId]);
      expect(run).toEqual({ notice_target: 'fallback' });
    },
  );

  it('is found beside others that are no addresses', async () => {
    const platformId = await makePlatform();
    const due = await operators.makeDueOf(platformId, await operators.makeShareable(platformId));
    const runId = await stage.select(platformId);
    await stage.send();
    await writeContact('see the wiki');
    const id = await asManager(
      'asset.create',
      `<namespace>/projects/proj-microscopy-1128.4.15</namespace><name>staff</name>${contactOf('facility@example.org')}`,
    );
    try {
      await stage.finish(runId, gateway);
    } finally {
      await asManager('asset.destroy', `<id>${/<id>(\d+)</.exec(id)?.[1]}</id>`);
      await writeContact('facility@example.org');
    }
    await stage.send();
    expect(one(await operators.told('facility@example.org')).text).toContain(due.recipient);
  });

  it('is asked for again later when Mediaflux is away: the run is not ended, and nobody is told yet', async () => {
    const platformId = await makePlatform();
    await operators.makeDueOf(platformId, await operators.makeShareable(platformId));
    const runId = await stage.select(platformId);
    await stage.send();
    const away = new MediafluxGateway({ url: 'http://127.0.0.1:1', credentials: { token: 'some-token' } });
    await expect(stage.finish(runId, away)).rejects.toMatchObject({ name: 'MediafluxError' });
    await away.close();
    expect(await stage.query('select state from reminder_run where id = $1', [runId])).toEqual([{ state: 'sending' }]);
    await stage.finish(runId, gateway);
    await stage.send();
    expect(await operators.told('facility@example.org')).toHaveLength(1);
  });
});
