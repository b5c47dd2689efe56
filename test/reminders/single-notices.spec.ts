// Where a platform wants it so, operators are told of each reminder by itself. Real PostgreSQL, real sockets, set time.

import { describe, expect, it } from '@jest/globals';
import { Notified, one } from './notified.js';
import { stageAt } from './stage.js';

const NOW = new Date('2025-03-08T00:00:00Z');

const stage = stageAt(NOW);
const operators = new Notified(stage);

describe('one notice for each reminder', () => {
  it.each([
    ['sent', 'Microscopy: RECIPIENT was reminded of FOLDER', 'until: Sunday, 16 March 2025'],
    [
      'failed',
      'Microscopy: RECIPIENT was not reminded of FOLDER',
      'Reason: the mail server refused the address (550 5.1.1)',
    ],
    ['unknown', 'Microscopy: a reminder to RECIPIENT about FOLDER is unconfirmed', 'It may have arrived'],
  ])('that was %s says so', async (outcome, subject, text) => {
    const platformId = await stage.makePlatform({
      reminder_operator_notice: 'shareable',
      reminder_notice_form: 'reminder',
    });
    const shareable = await operators.makeShareable(platformId);
    const [due, other] = [
      await operators.makeDueOf(platformId, shareable),
      await operators.makeDueOf(platformId, shareable),
    ];
    const runId = await stage.select(platformId);
    if (outcome === 'failed') operators.refuse(due);
    if (outcome === 'unknown')
      stage.server.at = (step, { to }) => (step === 'dot' && to === due.recipient ? 'cut' : undefined);
    await stage.send();
    await Promise.all([stage.finish(runId), stage.finish(runId)]);
    await stage.send();
    const mails = await operators.told(shareable.operator);
    expect(mails).toHaveLength(2);
    const about = one(mails.filter((mail) => mail.subject.includes(due.recipient)));
    expect(about.subject).toBe(subject.replace('RECIPIENT', due.recipient).replace('FOLDER', due.uploadId));
    expect(about.text).toContain(text);
    expect(about.text).not.toContain(other.recipient);
  });
});
