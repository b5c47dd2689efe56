// What a reminder says: how far the data were fetched, until when, and whether it is the last. Real PostgreSQL, real
// sockets, set time.

import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Language, LANGUAGES } from '../../src/language/index.js';
import { type Due, later, parsedMail, stageAt } from './stage.js';

/** A slot of every Saturday at midnight, UTC. */
const SLOT = new Date('2025-03-08T00:00:00Z');
const WEEK = 7 * 24;
const SECOND = 1 / 3_600;

const stage = stageAt(SLOT);
let platformId: string;
beforeEach(async () => {
  platformId = await stage.makePlatform({ partial_counts: false });
});

describe('how far the data were fetched', () => {
  const SAID: Record<Language, [part: string, nothing: string]> = {
    en: ['You have fetched 37 of 120 files so far.', 'and have not been fetched yet'],
    de: ['Bisher haben Sie 37 von 120 Dateien abgerufen.', 'wurden noch nicht abgerufen'],
    fr: ['vous avez récupéré 37 fichiers sur 120.', 'n’ont pas encore été récupérées'],
    es: ['Hasta ahora ha descargado 37 de 120 archivos.', 'que aún no ha recogido'],
    zh: ['您已获取 37 个文件，共 120 个。', '的数据尚未获取'],
  };

  it.each([...LANGUAGES])('is said where part was, and nothing of it where none was: %s', async (language) => {
    const [part, none] = [await stage.makeDue(platformId, 400), await stage.makeDue(platformId, 400)];
    await stage.query('update upload set files = 120');
    await stage.query('update person set language = $2 where id = any($1)', [[part.personId, none.personId], language]);
    await stage.query(
      `insert into download (id, delivery_id, state, files, bytes, started_at, last_progress_at, ended_at)
       values (gen_random_uuid(), $1, 'failed', 37, 1, $2, $2, $2), (gen_random_uuid(), $3, 'failed', 0, 0, $2, $2, $2)`,
      [part.id, later(SLOT, -30), none.id],
    );
    await stage.select(platformId);
    await stage.send();
    const [[yes, no], [ofPart, ofNone]] = [SAID[language], [await stage.mailTo(part), await stage.mailTo(none)]];
    for (const text of [ofPart.text, ofPart.html]) expect(text).toContain(yes);
    expect(ofNone.text).toContain(no);
    for (const text of [ofNone.text ?? '', ofNone.html || '']) expect(text).not.toContain(yes.replaceAll('37', '0'));
    expect(ofPart.text).not.toContain(no);
  });
});

describe('that it is the last', () => {
  const isLast = async (due: Due): Promise<[boolean, boolean]> => {
    const { subject = '', text = '' } = await stage.mailTo(due);
    return [subject.startsWith('Last reminder: '), text.includes('This is the last reminder')];
  };

  it.each([
    ['the next slot comes a second before the links end', WEEK + SECOND, false],
    ['the next slot comes as the links end', WEEK, true],
    ['no slot comes before', WEEK - SECOND, true],
  ])('is said when %s: after %f hours, %s', async (_, hours, last) => {
    const due = await stage.makeDue(platformId, hours);
    await stage.select(platformId);
    await stage.send();
    expect(await isLast(due)).toEqual([last, last]);
  });

  it.each<[string, Record<string, unknown>, boolean]>([
    ['it is as many as the platform allows', { reminder_maximum: 1 }, true],
    ['another is allowed', { reminder_maximum: 2 }, false],
    ['the only slot before the end comes sooner than the minimum spacing', { reminder_minimum_spacing: 'P8D' }, true],
    ['the next slot comes as the minimum spacing ends', { reminder_minimum_spacing: 'P7D' }, false],
    ['the second slot comes after the minimum spacing and before the end', { reminder_schedule: '0 0 * * 1,6' }, false],
    [
      'the next slot comes on a closed day after which the links have ended: it goes in spite of it',
      { reminder_closed_days: { weekdays: ['sunday'], dates: ['2025-03-15', '2025-03-16'] } },
      false,
    ],
    ['quiet hours put the next one off', { reminder_quiet_hours: { from: '23:00', to: '23:59' } }, false],
  ])('is said of what will really come: %s', async (_, policy, last) => {
    const capped = await stage.makePlatform(policy);
    const due = await stage.makeDue(capped, WEEK + 24);
    await stage.select(capped);
    await stage.send();
    expect(await isLast(due)).toEqual([last, last]);
  });

  it('counts what was sent before', async () => {
    const capped = await stage.makePlatform({ reminder_maximum: 2 });
    const due = await stage.makeDue(capped, 3 * WEEK);
    await stage.select(capped);
    await stage.send();
    stage.clock.at = later(SLOT, WEEK);
    await stage.select(capped);
    await stage.send();
    const said = await Promise.all(stage.server.to(due.recipient).map(({ raw }) => parsedMail(raw)));
    expect(said.map(({ text = '' }) => text.includes('This is the last reminder'))).toEqual([false, true]);
  });

  it('is said by one that goes by hand while no run comes, because reminders are off', async () => {
    const off = await stage.makePlatform({ reminders_enabled: false });
    const due = await stage.makeDue(off, 3 * WEEK);
    await stage.select(off, 'by-hand');
    await stage.send();
    expect(await isLast(due)).toEqual([true, true]);
  });

  it('holds for the moment at which it goes, not for the one at which it was chosen', async () => {
    const due = await stage.makeDue(platformId, WEEK + 10);
    await stage.select(platformId);
    stage.server.at = (step) => (step === 'RCPT' ? { reply: '451 4.7.1 Greylisted' } : undefined);
    await stage.send();
    stage.server.at = () => undefined;
    stage.clock.at = later(SLOT, WEEK + 1);
    await stage.send();
    expect(await isLast(due)).toEqual([true, true]);
    expect((await stage.mailTo(due)).text).toContain('9 hours left');
  });

  it('is not said where links were extended beyond a slot meanwhile', async () => {
    const due = await stage.makeDue(platformId, WEEK - 1);
    await stage.select(platformId);
    await stage.deliveries.extend(stage.database.dataSource.manager, due.id, 'P30D', later(SLOT, 30 * 24));
    await stage.send();
    expect(await isLast(due)).toEqual([false, false]);
  });
});
