// "It did not work, remind me anyway": the attempts no longer count, reminders go on, nothing is removed, and it can be
// taken back.

import { expect, it } from '@jest/globals';
import { type Dispatched, type DispatchedUpload, dispatchTo, send } from '../support/dispatched.js';
import { stageOf } from '../support/stage.js';

const stage = stageOf();

interface Seen {
  state: string;
  accessedAt: string | null;
  methods: Record<string, { phase: string } | null>;
  events: { id: string; method: string; phase: string; counts: boolean; overruled?: { by: string } }[];
}
interface Preview {
  due: { items: { deliveryId: string }[] };
  notDue: { items: { deliveryId: string; reason: string }[] };
}

const dispatched = async (): Promise<{ upload: DispatchedUpload; to: Dispatched }> => {
  const upload = await dispatchTo(stage.program, ['ada']);
  await stage.database.query(
    `update delivery set handed_over_at = handed_over_at - interval '2 days' where upload_id = $1`,
    [upload.uploadId],
  );
  return { upload, to: upload.deliveries['ada'] as Dispatched };
};
const post = async (to: Dispatched, what: string, agent = 'Mozilla/5.0 test'): Promise<number> =>
  (await send(stage.server, 'POST', `/s/${to.token}/${what}`, { 'user-agent': agent })).status;
const seen = (to: Dispatched): Promise<Seen> =>
  stage.program.admin.expect<Seen>(200, 'GET', `/api/v1/admin/deliveries/${to.id}`);
/** `due`, or why not. */
async function reminderOf(upload: DispatchedUpload, to: Dispatched): Promise<string | undefined> {
  const path = `/api/v1/admin/platforms/${upload.platformId}/reminders/preview`;
  const { due, notDue } = await stage.program.admin.expect<Preview>(200, 'GET', path);
  if (due.items.some((one) => one.deliveryId === to.id)) return 'due';
  return notDue.items.find((one) => one.deliveryId === to.id)?.reason;
}

it('lets reminders go on, keeps the attempts, and is taken back by “it did work”', async () => {
  const { upload, to } = await dispatched();
  expect(await post(to, 'direct')).toBe(303);
  expect(await post(to, 'direct')).toBe(303);
  expect(await reminderOf(upload, to)).toBe('accessed');

  expect(await post(to, 'not-received')).toBe(204);
  const after = await seen(to);
  expect(after).toMatchObject({ state: 'open', accessedAt: null, methods: { direct: { phase: 'attempted' } } });
  expect(after.events).toMatchObject([
    { phase: 'attempted', counts: false, overruled: { by: 'recipient' } },
    { phase: 'attempted', counts: false, overruled: { by: 'recipient' } },
    { method: 'page', phase: 'not-received', counts: false },
  ]);
  expect(await reminderOf(upload, to)).toBe('due');

  expect(await post(to, 'received')).toBe(204);
  expect(await seen(to)).toMatchObject({ state: 'accessed', accessedAt: expect.any(String) });
  expect(await reminderOf(upload, to)).toBe('accessed');
});

it('is over with a further direct download', async () => {
  const { upload, to } = await dispatched();
  await post(to, 'direct');
  await post(to, 'not-received');
  await post(to, 'direct');
  expect(await reminderOf(upload, to)).toBe('accessed');
  const counting = (await seen(to)).events.filter(({ counts }) => counts);
  expect(counting).toHaveLength(1);
});

it('says nothing about what was fetched another way', async () => {
  const { upload, to } = await dispatched();
  await post(to, 'direct');
  const report = { method: 'copy', phase: 'completed' };
  await stage.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${to.id}/access`, report);
  await post(to, 'not-received');
  expect(await reminderOf(upload, to)).toBe('accessed');
});

it('does not change what an administrator said last', async () => {
  const { upload, to } = await dispatched();
  await post(to, 'direct');
  const [attempt] = (await seen(to)).events;
  const overrule = `/api/v1/admin/deliveries/${to.id}/events/${attempt?.id ?? ''}/overrule`;
  await stage.program.admin.expect(200, 'POST', overrule, { counts: false });
  await post(to, 'not-received');
  await post(to, 'received');
  expect(await reminderOf(upload, to)).toBe('due');
});

it('is not taken from a scanner', async () => {
  const { upload, to } = await dispatched();
  await post(to, 'direct');
  await send(stage.server, 'GET', `/s/${to.token}/not-for-people`, { 'user-agent': 'scanner' });
  expect(await post(to, 'not-received', 'scanner')).toBe(200);
  expect(await reminderOf(upload, to)).toBe('accessed');
});

it('is taken back where a scanner said it and followed the hidden link just after', async () => {
  const { upload, to } = await dispatched();
  await post(to, 'direct');
  await post(to, 'not-received', 'scanner');
  expect(await reminderOf(upload, to)).toBe('due');
  await send(stage.server, 'GET', `/s/${to.token}/not-for-people`, { 'user-agent': 'scanner' });
  expect(await reminderOf(upload, to)).toBe('accessed');
});

it('of one person says nothing about another’s delivery of the same upload', async () => {
  const upload = await dispatchTo(stage.program, ['bea', 'cleo']);
  const [bea, cleo] = [upload.deliveries['bea'] as Dispatched, upload.deliveries['cleo'] as Dispatched];
  await post(bea, 'direct');
  await post(cleo, 'direct');
  await post(bea, 'not-received');
  expect((await seen(bea)).state).toBe('open');
  expect((await seen(cleo)).state).toBe('accessed');
});
