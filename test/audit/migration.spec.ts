// A database of the version before: what was recorded there is sealed too, and texts leave what is sealed.

import { expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { formerDatabase } from '../support/former-database.js';
import { insert, makeDelivery, makePerson, makePlatform, makeUpload } from '../support/make.js';

it('queues old entries for their chains, and keeps reasons and notes apart', () =>
  formerDatabase('EventChains1764000000006', async ({ dataSource: before, migrate }) => {
    const platformId = await makePlatform(before);
    const uploadId = await makeUpload(before, platformId);
    const deliveryId = await makeDelivery(before, uploadId, platformId, await makePerson(before));
    const record = async (method: string, phase: string, details: object): Promise<string> => {
      const id = randomUUID();
      const event = {
        id,
        delivery_id: deliveryId,
        platform_id: platformId,
        method,
        phase,
        counts: false,
        at: new Date(),
      };
      await insert(before, 'access_event', { ...event, details: JSON.stringify(details) });
      return id;
    };
    const failed = await record('data-mover', 'failed', { downloadId: 'x', reason: 'disk of ada@example.org full' });
    const reported = await record('copy', 'completed', { reported: true, note: null });
    const change = { actor: 'admin', action: 'delivery.revoked', subject_kind: 'delivery', subject_id: deliveryId };
    const auditId = randomUUID();
    await insert(before, 'audit_entry', { id: auditId, ...change });

    await migrate();

    const byId = (one: { id: string }, other: { id: string }): number => (one.id < other.id ? -1 : 1);
    const events = await before.query<{ id: string; details: object }[]>('select id, details from access_event');
    expect(events.sort(byId)).toEqual(
      [
        { id: failed, details: { downloadId: 'x' } },
        { id: reported, details: { reported: true } },
      ].sort(byId),
    );
    expect(await before.query('select subject_id, remark from access_remark')).toEqual([
      { subject_id: failed, remark: 'disk of ada@example.org full' },
    ]);
    const waiting = await before.query<{ id: string; chain: string; kind: string }[]>(
      'select chain, kind, entry_id as id from unsealed_entry',
    );
    // The policy that held is version 1.
    const policies = waiting.filter(({ kind }) => kind === 'reminder-policy-version');
    expect(policies.map(({ chain }) => chain)).toEqual([platformId]);
    expect(waiting.filter((one) => !policies.includes(one)).sort(byId)).toEqual(
      [
        { chain: platformId, kind: 'access-event', id: failed },
        { chain: platformId, kind: 'access-event', id: reported },
        { chain: 'administration', kind: 'audit-entry', id: auditId },
      ].sort(byId),
    );
    await expect(before.query(`update access_event set details = '{}'`)).rejects.toMatchObject({ code: '23001' });
  }));
