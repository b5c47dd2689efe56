// Which worker a copy belongs to, and until when one may begin.

import { expect, it } from '@jest/globals';
import { Api } from '../support/api.js';
import { OWN_PROJECT, RESEARCHER } from '../support/copies.js';
import { type Dispatched, dispatchTo } from '../support/dispatched.js';
import { PROMPT, stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';

const stage = stageOf({ env: PROMPT });

const dispatch = async (): Promise<Dispatched> =>
  (await dispatchTo(stage.program, ['ada'])).deliveries['ada'] as Dispatched;
const api = (): Api => new Api(stage.server);
const copies = ({ token }: Dispatched, rest = ''): string => `/api/v1/shares/${token}/copies${rest}`;
const begun = async (): Promise<number> =>
  (await stage.database.query<{ count: number }>('select count(*)::int as count from content_copy')).rows[0]?.count ??
  0;
const expire = (delivery: Dispatched, ago: string) =>
  stage.database.query('update delivery set expires_at = now() - $2::interval where id = $1', [delivery.id, ago]);
/** Tokens that were made for copies and live. */
const tokens = async (): Promise<number> =>
  stage.faults.calls().filter(({ service, inner }) => [service, ...inner].includes('secure.identity.token.create'))
    .length -
  stage.faults.calls().filter(({ service, inner }) => [service, ...inner].includes('secure.identity.token.destroy'))
    .length;

it('a worker that lost its lease leaves the copy to the one that has taken it up', async () => {
  const delivery = await dispatch();
  const isWriting = stage.hold('asset.create');
  const { id } = await api().expect<{ id: string }>(202, 'POST', copies(delivery), {
    ...RESEARCHER,
    destination: `${OWN_PROJECT}/taken-over`,
  });
  await isWriting();
  // As another worker does that finds the lease over.
  const held = `lease_until = now() + interval '1 hour'`;
  await stage.database.query(`update content_copy set attempt = attempt + 1, ${held} where id = $1`, [id]);
  await until(
    'the first worker to leave',
    () => /The lease on a copy was lost/.test(stage.program.output) || undefined,
  );
  stage.faults.clear();
  await until('its session being closed', () => stage.callsOf('system.logoff') > 0 || undefined);
  const { rows } = await stage.database.query<{ state: string; held: boolean }>(
    `select state, sealed_credential is not null and lease_until > now() + interval '30 minutes' as held
       from content_copy where id = $1`,
    [id],
  );
  expect(rows).toEqual([{ state: 'copying', held: true }]);
  expect(stage.callsOf('secure.identity.token.destroy')).toBe(0);
  await stage.database.query('update content_copy set lease_until = now() where id = $1', [id]);
  await until('the copy being complete', async () => {
    const copy = await api().expect<{ state: string }>(200, 'GET', copies(delivery, `/${id}`));
    return copy.state === 'completed' || undefined;
  });
});

it.each<[string, string, (delivery: Dispatched) => Promise<unknown>]>([
  ['ran out', 'no longer valid', (delivery) => expire(delivery, '1 second')],
  [
    'was revoked',
    'no longer valid',
    (delivery) => stage.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${delivery.id}/revoke`),
  ],
])('begins no copy when the link %s while the logon was tried', async (_, said, happen) => {
  const [delivery, before] = [await dispatch(), await begun()];
  const isLoggingOn = stage.hold('secure.identity.token.create');
  const starting = api().call('POST', copies(delivery), { ...RESEARCHER, destination: `${OWN_PROJECT}/late` });
  await isLoggingOn();
  // The link was judged with the end that it had.
  await happen(delivery);
  stage.faults.clear();
  const answer = await starting;
  expect(answer.status).toBe(410);
  expect(JSON.stringify(answer.body)).toContain(said);
  expect(await begun()).toBe(before);
  expect(await tokens()).toBe(0);
});
