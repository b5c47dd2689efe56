// A database of the version before: uploads whose looks are still to come are looked at, and older ones are left alone.

import { expect, it } from '@jest/globals';
import { formerDatabase } from '../support/former-database.js';
import { makePlatform, makeUpload } from '../support/make.js';

it('plans looks at what became complete within a day, and at nothing else', () =>
  formerDatabase('LaterLooks1764000000042', async ({ dataSource, migrate }) => {
    const platformId = await makePlatform(dataSource);
    const complete = async (age: string, fields: Record<string, unknown> = {}): Promise<string> => {
      const [row] = await dataSource.query<{ at: Date }[]>('select now() - $1::interval as at', [age]);
      const verified = { matched_count: 1, matched_stime: 1, completed_at: row?.at };
      return makeUpload(dataSource, platformId, { ...verified, ...fields });
    };
    const young = await complete('20 minutes');
    const old = await complete('5 hours');
    await complete('25 hours');
    await complete('2 hours', { matched_count: null, matched_stime: null });
    await complete('0', { state: 'verifying', completed_at: null });

    await migrate();

    expect(
      await dataSource.query(
        `select l.upload_id as id, l.look, extract(epoch from l.due_at - u.completed_at)::int as after,
                l.not_before = l.due_at as "isWaiting"
           from later_look l
           join upload u on u.id = l.upload_id
          order by l.look`,
      ),
    ).toEqual([
      { id: young, look: 1, after: 3_600, isWaiting: true },
      { id: old, look: 2, after: 86_400, isWaiting: true },
    ]);
  }));
