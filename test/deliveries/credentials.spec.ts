// The Mediaflux credentials behind a link live as long as what they were made for, and not longer: with the real server
// and the emulator, asked as an administrator of Mediaflux would.

import { describe, expect, it } from '@jest/globals';
import { isMediafluxError, Transport, xml } from '../../src/mediaflux/protocol/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { Api } from '../support/api.js';
import { type Dispatched, dispatchTo, send } from '../support/dispatched.js';
import { linkIn } from '../support/mailbox.js';
import { RawClient } from '../support/raw-client.js';
import { tracesOf } from '../support/share-traces.js';
import { PROMPT, stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';

interface Download {
  id: string;
  mediaflux: { url: string; namespace: string; token: string; expiresAt: string };
}

let serial = 0;

const stage = stageOf({ env: PROMPT });

/** An upload of two files, dispatched to one person of its own. */
const dispatch = async (): Promise<Dispatched> => {
  const name = `reader${serial++}`;
  const delivery = (await dispatchTo(stage.program, [name])).deliveries[name];
  if (!delivery) throw new Error('Nothing was dispatched.');
  return delivery;
};
const api = (): Api => new Api(stage.server);
const downloads = (token: string, path = ''): string => `/api/v1/shares/${token}/downloads${path}`;
const start = ({ token }: Dispatched): Promise<Download> => api().expect<Download>(201, 'POST', downloads(token));
const renew = (token: string, id: string) =>
  api().call<Partial<Download>>('POST', downloads(token, `/${id}/credential`));
const complete = ({ token }: Dispatched, id: string) =>
  api().expect(204, 'POST', downloads(token, `/${id}/complete`), { whole: true, files: 2, bytes: 3 });
const progress = (token: string, id: string, files: number) =>
  api().expect(204, 'POST', downloads(token, `/${id}/progress`), { files, bytes: files });

/** How many files a fresh session with the token sees in its namespace; undefined where none is opened. */
async function filesSeen({ mediaflux }: Pick<Download, 'mediaflux'>, namespace = mediaflux.namespace) {
  const transport = new Transport(mediaflux.url);
  try {
    const session = new MediafluxSession({ transport, credentials: { token: mediaflux.token } });
    const reply = await session.call('asset.query', [
      xml('where', `namespace>='${namespace}'`),
      xml('action', 'count'),
    ]);
    return Number(reply.children[0]?.text ?? 'NaN');
  } catch (error) {
    if (!isMediafluxError(error, 'not-authenticated', 'not-permitted', 'session-expired')) throw error;
    return undefined;
  } finally {
    await transport.close();
  }
}

/** Ids of the delivery's credentials whose tokens are in Mediaflux. */
async function tokensOf({ id }: Dispatched): Promise<string[]> {
  const service = new RawClient(stage.emulator.url, { domain: 'service', user: 'dispatch', password: 'dispatch' });
  await service.logon();
  const described = await service.call('secure.identity.token.describe');
  const { rows } = await stage.database.query<{ id: string }>(
    'select id from mediaflux_credential where delivery_id = $1 order by id',
    [id],
  );
  return rows.map((credential) => credential.id).filter((credentialId) => described.includes(credentialId));
}
const hasRole = async ({ id }: Dispatched): Promise<boolean> =>
  (await tracesOf(stage.emulator.url, { id, namespace: '/projects' })).role;
const leavesNothing = (delivery: Dispatched): Promise<true> =>
  until(
    'Mediaflux holding nothing of the delivery',
    async () => ((await tokensOf(delivery)).length === 0 && !(await hasRole(delivery)) ? true : undefined),
    60_000,
  );
const revoke = ({ id }: Dispatched) => stage.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${id}/revoke`);
const isRevoked = ({ id }: Dispatched): Promise<true> =>
  until('the delivery being revoked', async () => {
    const { rows } = await stage.database.query('select 1 from delivery where id = $1 and revoked_at is not null', [
      id,
    ]);
    return rows.length === 1 ? true : undefined;
  });
const expireAgo = ({ id }: Dispatched, ago: string) =>
  stage.database.query(`update delivery set expires_at = now() - $2::interval where id = $1`, [id, ago]);
const progressAgo = (id: string, ago: string) =>
  stage.database.query(`update download set last_progress_at = now() - $2::interval where id = $1`, [id, ago]);

describe('a download’s credential', () => {
  it('sees the data, and not the manifest beside them, which names the other recipients', async () => {
    const delivery = await dispatch();
    const download = await start(delivery);
    const { namespace } = download.mediaflux;
    expect(await filesSeen(download)).toBe(2);
    expect((await filesSeen(download, namespace.slice(0, namespace.lastIndexOf('/')))) ?? 2).toBe(2);
    const hours = (Date.parse(download.mediaflux.expiresAt) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(1);
    expect(hours).toBeLessThan(24);
  });

  it('ends with its completion, while another download of the same delivery goes on; the last one takes the role along', async () => {
    const delivery = await dispatch();
    const [first, second] = [await start(delivery), await start(delivery)];
    await complete(delivery, first.id);
    expect(await filesSeen(first)).toBeUndefined();
    expect(await filesSeen(second)).toBe(2);
    expect(await hasRole(delivery)).toBe(true);
    const renewed = await renew(delivery.token, second.id);
    expect(await filesSeen(renewed.body as Download)).toBe(2);
    await complete(delivery, second.id);
    expect(await tokensOf(delivery)).toEqual([]);
    expect(await hasRole(delivery)).toBe(false);
    expect((await renew(delivery.token, first.id)).status).toBe(409);
    expect(await tokensOf(delivery)).toEqual([]);
    // Completing it again is no error, and a further download begins as the first did.
    await complete(delivery, first.id);
    expect(await filesSeen(await start(delivery))).toBe(2);
  });

  it('ends with a failure, and one that failed is taken up again', async () => {
    const delivery = await dispatch();
    const download = await start(delivery);
    await api().expect(204, 'POST', downloads(delivery.token, `/${download.id}/fail`), { reason: 'disk full' });
    await leavesNothing(delivery);
    const again = await renew(delivery.token, download.id);
    expect(again.status).toBe(200);
    expect(await filesSeen(again.body as Download)).toBe(2);
    await complete(delivery, download.id);
  });

  it('that cannot be made leaves no download that seems under way', async () => {
    const delivery = await dispatch();
    stage.faults.set({ service: 'secure.identity.token.create', action: { status: 503 } });
    const refused = await api().call('POST', downloads(delivery.token));
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const { rows } = await stage.database.query('select state from download where delivery_id = $1', [delivery.id]);
    expect(rows).toEqual([{ state: 'failed' }]);
    stage.faults.clear();
    await leavesNothing(delivery);
  });

  it('whose making is answered by a broken connection is found in Mediaflux and destroyed', async () => {
    const delivery = await dispatch();
    stage.faults.set({ service: 'secure.identity.token.create', times: 1, action: { cutAfterBytes: 10 } });
    stage.hold('secure.identity.token.destroy');
    expect((await api().call('POST', downloads(delivery.token))).status).toBe(503);
    expect(await tokensOf(delivery)).toHaveLength(1);
    stage.faults.clear();
    await leavesNothing(delivery);
  });
});

describe('a revocation', () => {
  it('ends links at once here, and every credential of the delivery in Mediaflux, zip links too', async () => {
    const delivery = await dispatch();
    const download = await start(delivery);
    const zip = await send(stage.server, 'POST', `/s/${delivery.token}/direct`);
    expect(zip.status).toBe(303);
    await revoke(delivery);
    expect(await tokensOf(delivery)).toEqual([]);
    expect(await hasRole(delivery)).toBe(false);
    expect(await filesSeen(download)).toBeUndefined();
    const reply = await fetch(zip.headers.location ?? '');
    expect((await reply.text()).startsWith('PK')).toBe(false);
    expect((await renew(delivery.token, download.id)).status).toBe(410);
    expect((await api().call('POST', downloads(delivery.token))).status).toBe(410);
  });

  it('while Mediaflux is away acts here at once, and there when it is back', async () => {
    const delivery = await dispatch();
    const download = await start(delivery);
    stage.faults.set({ action: { status: 503 } });
    await revoke(delivery);
    expect((await renew(delivery.token, download.id)).status).toBe(410);
    expect((await send(stage.server, 'GET', `/s/${delivery.token}`)).status).toBe(410);
    // It is back, but for what would end the credential before it is looked at.
    stage.faults.clear();
    stage.hold('secure.identity.token.destroy');
    expect(await tokensOf(delivery)).toHaveLength(1);
    stage.faults.clear();
    await leavesNothing(delivery);
    expect(await filesSeen(download)).toBeUndefined();
  });

  it('that comes while a credential is being made leaves none', async () => {
    const delivery = await dispatch();
    const isBeingMade = stage.hold('secure.identity.token.create');
    const starting = api().call('POST', downloads(delivery.token));
    await isBeingMade();
    const revoking = revoke(delivery);
    await isRevoked(delivery);
    stage.faults.clear();
    await revoking;
    const ended = await starting;
    expect(ended.status).toBe(410);
    expect(JSON.stringify(ended.body)).toContain('desk@example.org');
    await leavesNothing(delivery);
  });

  it('that comes first refuses a request whose link was judged before it', async () => {
    const delivery = await dispatch();
    const held = await stage.holdRows('select 1 from delivery where id = $1', [delivery.id]);
    await held.query('update delivery set revoked_at = now() where id = $1', [delivery.id]);
    const starting = api().call('POST', downloads(delivery.token));
    const zipping = send(stage.server, 'POST', `/s/${delivery.token}/direct`);
    await held.areWaitedFor(2);
    await held.release();
    expect((await starting).status).toBe(410);
    expect((await zipping).status).toBe(410);
    expect(await tokensOf(delivery)).toEqual([]);
  });
});

describe('after expiry', () => {
  it('a download that makes progress goes on, and its credential is renewed and does not outlive the week', async () => {
    const delivery = await dispatch();
    const download = await start(delivery);
    await expireAgo(delivery, '6 days 20 hours');
    await progress(delivery.token, download.id, 1);
    const renewed = await renew(delivery.token, download.id);
    expect(renewed.status).toBe(200);
    expect(await filesSeen(renewed.body as Download)).toBe(2);
    const hours = (Date.parse((renewed.body as Download).mediaflux.expiresAt) - Date.now()) / 3_600_000;
    expect(hours).toBeLessThanOrEqual(4);
    expect((await api().call('POST', downloads(delivery.token))).status).toBe(410);
    await complete(delivery, download.id);
    expect(await tokensOf(delivery)).toEqual([]);
  });

  it('one without progress for a day gets none, and what it has is destroyed long before it would end by itself', async () => {
    const delivery = await dispatch();
    const [stale, running] = [await start(delivery), await start(delivery)];
    await expireAgo(delivery, '2 days');
    await progressAgo(stale.id, '25 hours');
    await progressAgo(running.id, '23 hours');
    expect((await renew(delivery.token, stale.id)).status).toBe(410);
    await until('the stale one’s token being gone', async () =>
      (await filesSeen(stale)) === undefined ? true : undefined,
    );
    expect(await filesSeen(running)).toBe(2);
    expect(await hasRole(delivery)).toBe(true);
    await progressAgo(running.id, '24 hours');
    await leavesNothing(delivery);
  });

  it('saying the same again is no progress, and saying more is', async () => {
    const delivery = await dispatch();
    const download = await start(delivery);
    await progress(delivery.token, download.id, 1);
    await expireAgo(delivery, '2 days');
    await progressAgo(download.id, '25 hours');
    await progress(delivery.token, download.id, 1);
    expect((await renew(delivery.token, download.id)).status).toBe(410);
    await progress(delivery.token, download.id, 2);
    expect((await renew(delivery.token, download.id)).status).toBe(200);
  });

  it('nothing goes on beyond a week, with progress too', async () => {
    const delivery = await dispatch();
    const download = await start(delivery);
    await expireAgo(delivery, '7 days 1 second');
    expect((await renew(delivery.token, download.id)).status).toBe(410);
    expect(
      (await api().call('POST', downloads(delivery.token, `/${download.id}/progress`), { files: 1, bytes: 1 })).status,
    ).toBe(410);
    await leavesNothing(delivery);
  });

  it('a download that is under way goes on by its old link when a new one was made', async () => {
    const delivery = await dispatch();
    const download = await start(delivery);
    await expireAgo(delivery, '1 hour');
    await stage.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${delivery.id}/extend`, {
      linkLifetime: 'P1D',
    });
    const mail = await until('the new link', async () =>
      (await stage.program.mailbox.all()).find(
        ({ text, messageId }) => messageId.includes(`${delivery.id}-1@`) && text.includes('/s/'),
      ),
    );
    await progress(delivery.token, download.id, 1);
    expect((await renew(delivery.token, download.id)).status).toBe(200);
    expect((await api().call('POST', downloads(delivery.token))).status).toBe(410);
    const newToken = linkIn(mail).split('/').at(-1) ?? '';
    expect((await renew(newToken, download.id)).status).toBe(200);
    await stage.database.query(`update delivery_link set ended_at = now() - interval '8 days' where delivery_id = $1`, [
      delivery.id,
    ]);
    expect((await renew(delivery.token, download.id)).status).toBe(410);
  });
});

it('data that are gone end the credentials of their deliveries', async () => {
  const delivery = await dispatch();
  await start(delivery);
  await stage.database.query('update delivery set gone_at = now() where id = $1', [delivery.id]);
  await leavesNothing(delivery);
});

it('a server killed between making a credential and its record leaves it to the sweep, which says how many; other downloads go on', async () => {
  const delivery = await dispatch();
  const running = await start(delivery);
  const isBeingMade = stage.hold('secure.identity.token.create');
  const starting = api()
    .call('POST', downloads(delivery.token))
    .catch((error: unknown) => error);
  await isBeingMade();
  await stage.program.kill();
  await starting;
  stage.faults.clear();
  await until('Mediaflux having made it for nobody', async () =>
    (await tokensOf(delivery)).length === 2 ? true : undefined,
  );
  await stage.startServer();
  await until('the sweep', async () => ((await tokensOf(delivery)).length === 1 ? true : undefined), 60_000);
  expect(await filesSeen(running)).toBe(2);
  // Said when the whole pass is over.
  await until('the sweep saying how many', () =>
    stage.program.output.includes('1 credentials had been left by a crash; 1 of them were found in Mediaflux')
      ? true
      : undefined,
  );
  const metrics = await (await fetch(`${stage.server}/metrics`)).text();
  expect(metrics).toMatch(/^dispatch_credentials_left_behind\{state="swept"\} 1$/m);
  await complete(delivery, running.id);
  await leavesNothing(delivery);
});
