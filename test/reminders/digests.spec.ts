// Several reminders of a run to one person are one mail: each is judged until the last moment, and recorded. Real
// PostgreSQL, real sockets, set time.

import { beforeEach, describe, expect, it } from '@jest/globals';
import { MOST_IN_FULL } from '../../src/reminders/digests/digest-letter.js';
import { Digested, eventsOf, linksOf } from './digested.js';
import { type Due, later, stageAt } from './stage.js';

const NOW = new Date('2025-03-08T00:00:00Z');

const stage = stageAt(NOW);
const digested = new Digested(stage);
let platformId: string;
beforeEach(async () => {
  platformId = await stage.makePlatform({ reminder_digest: true, methods: ['data-mover', 'direct', 'copy'] });
});

const mark = (due: Due | undefined, column: string): Promise<unknown> =>
  stage.query(`update delivery set ${column} = $2 where id = $1`, [due?.id, stage.clock.at]);

describe('several due deliveries of a person', () => {
  it('are one mail that names each, with its own links in both parts, and a record for each', async () => {
    const [due, alone] = [await digested.makeDue(platformId, 100, 30, 200), await digested.makeDue(platformId, 100)];
    await stage.select(platformId);
    await stage.send();
    await stage.send();
    const mail = await digested.mailTo(due);
    expect(mail.subject).toBe(
      'Reminder: 3 folders of data from Microscopy, the first until Sunday, 9 March 2025 at 06:00 (UTC)',
    );
    const text = mail.text ?? '';
    const order = [due[1], due[0], due[2]].map((one) => text.indexOf(`Data: ${one?.uploadId}`));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
    expect(text).toContain('Size: 3.2 GB in 120 files');
    expect(text).toContain('Available until: Sunday, 9 March 2025 at 06:00 (UTC): 1 day left');
    // Of each the page with the zip below it, and its own link to stop; and the one that stops all.
    expect(linksOf(text).filter((link) => /\/s\/[\w-]+$/.test(link))).toHaveLength(3);
    expect(linksOf(text).filter((link) => link.endsWith('/direct'))).toHaveLength(3);
    expect(linksOf(text).filter((link) => link.includes('/u/'))).toHaveLength(4);
    expect(linksOf(mail.html || '').sort()).toEqual(linksOf(text).sort());
    expect((mail.html || '').match(/data-mover\.cjs download /g)).toHaveLength(3);
    // A week is the next slot: the two that end before it will not be reminded again.
    expect(text.match(/This is the last reminder about these data/g)).toHaveLength(2);

    const ledger = await stage.query<{ delivery_id: string; state: string; message_id: string }>(
      'select delivery_id, state, message_id from reminder where delivery_id = any($1::uuid[])',
      [due.map(({ id }) => id)],
    );
    expect(ledger).toHaveLength(3);
    for (const row of ledger) expect(row).toMatchObject({ state: 'sent', message_id: mail.messageId });
    const single = await digested.mailTo(alone);
    expect(single.subject).toMatch(/^Last reminder: /);
  });

  it('bring one calendar file with an event for each, the same events as in the mails that brought the links', async () => {
    const due = await digested.makeDue(platformId, 100, 30, 200);
    await stage.select(platformId);
    await stage.send();
    const events = eventsOf(await digested.mailTo(due));
    expect(events.map(({ uid }) => uid)).toEqual([1, 0, 2].map((index) => `delivery-${due[index]?.id}@localhost`));
    expect(events.map(({ startDate }) => startDate.toJSDate())).toEqual(
      [30, 100, 200].map((hours) => later(NOW, hours)),
    );
    expect(events.map(({ summary }) => summary.includes(due[1]?.uploadId ?? ''))).toEqual([true, false, false]);
    const [file] = (await digested.mailTo(due)).attachments;
    expect(file?.content.toString()).not.toMatch(/https?:|\/[su]\//);
  });

  it('that are very many are named each, those that end first in full, and the mail stays small', async () => {
    const count = 4 * MOST_IN_FULL;
    const due = await digested.makeDue(platformId, ...Array.from({ length: count }, (_, index) => 100 + index));
    await stage.select(platformId);
    await stage.send();
    const mail = await digested.mailTo(due);
    const [text, html] = [mail.text ?? '', mail.html || ''];
    for (const { uploadId } of due) {
      expect(text).toContain(uploadId);
      expect(html).toContain(uploadId);
    }
    expect(mail.subject).toContain(`${count} folders`);
    // Every page, and of the first ones the zip below it and the link to stop; and the one that stops all.
    const pages = linksOf(text).filter((link) => /\/s\/[\w-]+$/.test(link));
    expect(pages).toHaveLength(count);
    expect(linksOf(text).filter((link) => link.endsWith('/direct'))).toHaveLength(MOST_IN_FULL);
    expect(linksOf(text).filter((link) => link.includes('/u/'))).toHaveLength(MOST_IN_FULL + 1);
    expect(linksOf(html).sort()).toEqual(linksOf(text).sort());
    expect(text.match(/Available until: /g)).toHaveLength(count);
    expect(text.match(/3\.2 GB in 120 files/g)).toHaveLength(count - 1);
    const last = due.filter((_, index) => 100 + index <= 7 * 24).length;
    expect(text.match(/This is the last reminder about these data/g)).toHaveLength(last);
    expect(eventsOf(mail)).toHaveLength(MOST_IN_FULL);
    const [raw] = digested.mailsTo(due);
    expect(raw?.raw.length).toBeLessThan(200_000);
    expect((await digested.ends(due)).flat()).toEqual(due.map(() => 'sent, mail sent'));
  });

  it('are one mail also where a run chooses them in different transactions, and queues twice', async () => {
    const due = await digested.makeDue(platformId, 100, 110, 120, 130, 140);
    const platform = await stage.platform(platformId);
    const { manager } = stage.database.dataSource;
    const runId = (await stage.runs.create(manager, { platformId, slot: NOW, trigger: 'scheduled', now: NOW })) ?? '';
    const wanted = { runId, platform, judgedAt: NOW, now: NOW, nextSlot: undefined };
    for (let isFull = true; isFull;) {
      ({ isFull } = await stage.selection.page(manager, wanted, 2));
      // Nothing goes before all are chosen.
      await stage.send();
    }
    expect(digested.mailsTo(due)).toEqual([]);
    await Promise.all([stage.selection.queueDigests(manager, wanted), stage.selection.queueDigests(manager, wanted)]);
    await stage.send();
    expect(linksOf((await digested.mailTo(due)).text ?? '').filter((link) => link.endsWith('/direct'))).toHaveLength(5);
  });

  it.each(['revoked_at', 'accessed_at', 'done_at', 'opted_out_at', 'gone_at'])(
    'of which one is %s before the mail goes: it is left out with its reason, and the rest goes',
    async (column) => {
      const due = await digested.makeDue(platformId, 100, 110, 120);
      await stage.select(platformId);
      await mark(due[1], column);
      await stage.send();
      const text = (await digested.mailTo(due)).text ?? '';
      expect(text).not.toContain(due[1]?.uploadId);
      expect(text).toContain('2 folders');
      const reason = column.replace('_at', '').replace('_', '-');
      expect(await digested.ends(due)).toEqual([
        ['sent, mail sent'],
        [`skipped ${reason.replace('opted-out', 'opted-out')}, mail sent`],
        ['sent, mail sent'],
      ]);
    },
  );

  it('of which one is left go as any reminder does, with its own link to stop', async () => {
    const due = await digested.makeDue(platformId, 100, 110);
    await stage.select(platformId);
    await mark(due[0], 'accessed_at');
    await stage.send();
    const mail = await digested.mailTo(due);
    expect(mail.subject).toMatch(new RegExp(`reminder: ${due[1]?.uploadId}`, 'i'));
    expect(linksOf(mail.text ?? '').filter((link) => link.includes('/u/'))).toHaveLength(1);
    expect(await digested.ends(due)).toEqual([['skipped accessed, mail sent'], ['sent, mail sent']]);
  });

  it('of which none is left: nothing goes, and each has its reason', async () => {
    const due = await digested.makeDue(platformId, 100, 110);
    await stage.select(platformId);
    await mark(due[0], 'accessed_at');
    await mark(due[1], 'revoked_at');
    await stage.send();
    expect(digested.mailsTo(due)).toEqual([]);
    expect(await digested.ends(due)).toEqual([['skipped accessed, mail skipped'], ['skipped revoked, mail skipped']]);
  });

  it('of which one expires while the mail server stalls: the mail goes without it', async () => {
    const due = await digested.makeDue(platformId, 1, 110, 120);
    await stage.select(platformId);
    let stalls = 0;
    stage.server.at = (step) => {
      if (step === 'DATA' && (stalls += 1) === 1) stage.clock.at = later(NOW, 1);
      return undefined;
    };
    await stage.send();
    await stage.send();
    expect((await digested.mailTo(due)).text).not.toContain(due[0]?.uploadId);
    expect(await digested.ends(due)).toEqual([
      ['skipped expired, mail sent'],
      ['sent, mail sent'],
      ['sent, mail sent'],
    ]);
  });
});
