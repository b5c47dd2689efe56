// SECRET_KEY changes while old links live: they go on, are written again as they were, and a copy that lacks a key in
// use does not start.

import { afterAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { dispatchTo, send } from '../support/dispatched.js';
import { linkIn } from '../support/mailbox.js';
import { freshFolder } from '../support/folders.js';
import { Program } from '../support/program.js';

const [oldKey, newKey] = [randomBytes(32), randomBytes(32)].map((key) => key.toString('base64')) as [string, string];
const idOf = (key: string): string => createHash('sha256').update(Buffer.from(key, 'base64')).digest('hex').slice(0, 8);

let program: Program | undefined;
afterAll(async () => {
  await program?.stop();
});

/** As an operations team restarts a server, with other keys. */
async function restart(dataDir: string, keys: readonly string[]): Promise<Program> {
  await program?.stop();
  program = undefined;
  program = await Program.start({ dataDir, env: { SECRET_KEY: keys.join(',') } });
  return program;
}
async function refusal(dataDir: string, keys: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const copy = Program.spawn({ dataDir, env: { SECRET_KEY: keys.join(','), ...env } });
  expect(await copy.ended()).toBe(1);
  return copy.output;
}
const statusOf = async (server: string, token: string): Promise<number> =>
  (await send(server, 'GET', `/s/${token}`)).status;
const tokenIn = (link: string): string => link.slice(link.lastIndexOf('/') + 1);

describe('keys', () => {
  it('are changed while old links live, and the former is needed until the last of them has ended', async () => {
    const dataDir = freshFolder();
    writeFileSync(join(dataDir, 'secret-key'), oldKey);
    const first = await restart(dataDir, [oldKey]);
    const upload = await dispatchTo(first, ['ada'], { reminders: { minimumAge: 'PT1S', minimumSpacing: 'PT1S' } });
    const delivery = upload.deliveries['ada'];
    if (!delivery) throw new Error('Nothing was dispatched.');

    const second = await restart(dataDir, [newKey, oldKey]);
    expect(await statusOf(second.endpoints.server, delivery.token)).toBe(200);
    await second.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${delivery.id}/remind`);
    const reminder = await second.mailbox.next('ada@example.org', /^(Reminder|Last reminder)/);
    expect(tokenIn(linkIn(reminder))).toBe(delivery.token);

    const reshared = await second.admin.expect<{ id: string }>(
      201,
      'POST',
      `/api/v1/admin/uploads/${upload.uploadId}/deliveries`,
      { recipient: 'bob@example.org' },
    );
    const newLink = linkIn(await second.mailbox.next('bob@example.org', /your data/));
    expect(await statusOf(second.endpoints.server, tokenIn(newLink))).toBe(200);

    // A second copy on the same database, with keys that lack the present one.
    const elsewhere = await refusal(freshFolder(), [oldKey], { DATABASE_URL: second.endpoints.database });
    expect(elsewhere).toContain(idOf(newKey));
    expect(elsewhere).not.toContain(idOf(oldKey));
    await second.stop();
    program = undefined;

    const withoutOld = await refusal(dataDir, [newKey]);
    expect(withoutOld).toContain(idOf(oldKey));
    expect(withoutOld).not.toContain(oldKey);
    expect(withoutOld).not.toContain(newKey);
    expect(await refusal(dataDir, [oldKey])).toContain(idOf(newKey));

    const third = await restart(dataDir, [newKey, oldKey]);
    const database = new pg.Client({ connectionString: third.endpoints.database });
    await database.connect();
    await database.query('update delivery set expires_at = now() where id = $1', [delivery.id]);
    await database.end();
    const fourth = await restart(dataDir, [newKey]);
    expect(await statusOf(fourth.endpoints.server, delivery.token)).toBe(410);
    expect(await statusOf(fourth.endpoints.server, tokenIn(newLink))).toBe(200);
    // Its next link is made with the present key.
    await fourth.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${delivery.id}/extend`, { linkLifetime: 'P1D' });
    expect(reshared.id).not.toBe(delivery.id);
  });

  it('that another copy does not have make no second copy on an empty database', async () => {
    const dataDir = freshFolder();
    const only = await restart(dataDir, [oldKey]);
    const env = { DATABASE_URL: only.endpoints.database };
    expect(await refusal(freshFolder(), [newKey], env)).toContain(idOf(oldKey));
    expect((await fetch(`${only.endpoints.server}/health/ready`)).status).toBe(200);
  });
});
