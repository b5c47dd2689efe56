// Addresses that a mail server refuses for good, and how reports of mails that did not arrive are taken.

import { describe, expect, it } from '@jest/globals';
import { until } from '../support/wait.js';
import { type DeliveryView, mailedProgram, parse } from './mailed-program.js';
import { dispatch, makeStage } from './stage.js';

interface BounceView {
  mailId: string;
  deliveryId: string | null;
  action: string;
  status: string;
  outcome: string;
}

const mailed = mailedProgram();

describe('an address that is refused for good', () => {
  it('makes the delivery undeliverable; the operator is told once and can correct it without a new upload', async () => {
    const { uploadId, recipient: wrong } = await mailed.refused();
    const right = mailed.somebody();
    const delivery = await mailed.deliveryOf(uploadId, wrong);
    expect(delivery.undeliverableAt).not.toBeNull();
    await mailed.stage.instrument.api.expect(201, 'POST', `/api/v1/uploads/${uploadId}/deliveries`, {
      recipient: right,
    });
    await mailed.mailTo(right, /^<dispatch-/);
    expect(mailed.undeliverableMails(wrong)).toHaveLength(1);
    expect(mailed.server.to(wrong)).toEqual([]);
  });

  it('is told to the platform’s contact where there is no operator, and says nothing of who else was told', async () => {
    const contact = { name: 'Desk', email: 'lonely-desk@example.org' };
    const stage = await makeStage(mailed.program, { contact }, []);
    const [wrong, right] = [mailed.somebody(), mailed.somebody()];
    mailed.server.at = (step, { to }) =>
      step === 'RCPT' && to === wrong ? { reply: '550 5.1.1 No such user' } : undefined;
    await dispatch(stage, { recipients: [wrong, right] });
    const { text } = await parse(await mailed.mailTo(contact.email, /^<undeliverable-/));
    expect(text).toContain(`refused the address ${wrong} for good`);
    expect(text).not.toMatch(/nobody/);
    expect(text).not.toContain(right);
  });

  it.each([
    ['relaying is refused', 'RCPT', '554 5.7.1 Relay access denied'],
    ['our sender is refused', 'MAIL', '550 5.7.1 Sender refused'],
  ] as const)('is not meant when %s: the mail goes when that is mended', async (_, at, reply) => {
    const recipient = mailed.somebody();
    let refusals = 0;
    mailed.server.at = (step, { to }) => {
      if (step !== at || (at === 'RCPT' && to !== recipient)) return undefined;
      refusals += 1;
      return { reply };
    };
    const { uploadId } = await dispatch(mailed.stage, { recipients: [recipient] });
    await until('a refusal', () => (refusals > 0 ? true : undefined));
    mailed.server.at = () => undefined;
    await mailed.mailTo(recipient, /^<dispatch-/);
    expect((await mailed.deliveryOf(uploadId, recipient)).undeliverableAt).toBeNull();
    expect(mailed.undeliverableMails(recipient)).toEqual([]);
  });
});

describe('reports of mails that did not arrive', () => {
  const report = (parts: { to?: string; action?: string; status?: string; returned?: string }) =>
    [
      `From: MAILER-DAEMON@mx.example`,
      `To: ${parts.to ?? 'dispatch@dispatch.example'}`,
      'Subject: Undelivered Mail Returned to Sender',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'I am sorry.',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example',
      '',
      'Final-Recipient: rfc822; somebody@example.org',
      `Action: ${parts.action ?? 'failed'}`,
      `Status: ${parts.status ?? '5.1.1'}`,
      'Diagnostic-Code: smtp; 550 5.1.1',
      ' No such user',
      '--b',
      'Content-Type: text/rfc822-headers',
      '',
      parts.returned ?? 'Subject: something',
      '--b--',
      '',
    ].join('\r\n');

  async function post(body: string, type = 'message/rfc822', key = mailed.program.adminKey) {
    const reply = await fetch(`${mailed.program.endpoints.server}/api/v1/admin/bounces`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${key}`, ...(type === '' ? {} : { 'content-type': type }) },
    });
    return { status: reply.status, body: (await reply.json()) as BounceView & { detail: string } };
  }

  it('hard: found by the return address, the delivery is undeliverable, once, and never reminded again', async () => {
    const { recipient, delivery, mail } = await mailed.sent();
    expect(mail.from).toMatch(/^bounce\+[a-z2-7]{42}@dispatch\.example$/);
    const body = report({ to: mail.from.toUpperCase() });
    const [first, again, other] = [
      await post(body),
      await post(body),
      await post(report({ to: mail.from, status: '5.2.1' })),
    ];
    expect([first.status, again.status, other.status]).toEqual([200, 200, 200]);
    expect(first.body).toMatchObject({ deliveryId: delivery.id, action: 'failed', status: '5.1.1' });
    expect([first, again, other].map((answer) => answer.body.outcome)).toEqual([
      'undeliverable',
      'seen-before',
      'recorded',
    ]);
    await until('the operator being told', () => mailed.undeliverableMails(recipient)[0]);
    const refused = await mailed.program.admin.call('POST', `/api/v1/admin/deliveries/${delivery.id}/remind`, {
      confirm: true,
    });
    expect(refused.status).toBe(409);
    expect(mailed.undeliverableMails(recipient)).toHaveLength(1);
    const { items } = await mailed.program.admin.expect<{ items: { action: string; after: unknown }[] }>(
      200,
      'GET',
      `/api/v1/admin/audit?subject=${delivery.id}`,
    );
    expect(items.filter((item) => item.action === 'mail.bounced')).toHaveLength(2);
    expect(JSON.stringify(items)).not.toContain('@');
  });

  it('hard: of a reminder, found by the Message-ID that comes back', async () => {
    const { recipient, delivery } = await mailed.sent();
    await mailed.remind(delivery.id);
    const { messageId } = await mailed.mailTo(recipient, /^<reminder-/);
    const answer = await post(report({ returned: `Subject: x\r\nMessage-ID:\r\n ${messageId}` }));
    expect(answer.body).toMatchObject({ deliveryId: delivery.id, outcome: 'undeliverable' });
  });

  it.each([
    ['delayed', '4.4.1', false],
    ['failed', '4.4.7', true],
    ['delivered', '2.0.0', false],
  ])(
    'soft: %s with %s is recorded and marks nothing; the operator is told of a mail that was given up: %s',
    async (...row) => {
      const [action, status, isGivenUp] = row;
      const { recipient, delivery, mail } = await mailed.sent();
      const answer = await post(report({ to: mail.from, action, status }));
      expect(answer.body).toMatchObject({ outcome: 'recorded', action, status });
      // Once, however often it is reported.
      expect((await post(report({ to: mail.from, action, status: `${status}1` }))).status).toBe(200);
      if (isGivenUp) {
        const told = await mailed.mailTo('ops@example.org', new RegExp(`^<not-delivered-${delivery.id}-`));
        expect((await parse(told)).text).toContain(`did not arrive at ${recipient}`);
      }
      const mails = await mailed.program.admin.expect<{ items: { kind: string }[] }>(
        200,
        'GET',
        `/api/v1/admin/mails?subject=${delivery.id}`,
      );
      expect(mails.items.filter(({ kind }) => kind === 'not-delivered')).toHaveLength(isGivenUp ? 1 : 0);
      const found = await mailed.program.admin.expect<DeliveryView>(
        200,
        'GET',
        `/api/v1/admin/deliveries/${delivery.id}`,
      );
      expect(found.undeliverableAt).toBeNull();
    },
  );

  it('of several people: what became of the one that the mail went to counts', async () => {
    const { recipient, mail } = await mailed.sent();
    const other = ['Final-Recipient: rfc822; somebody@example.org', 'Action: failed', 'Status: 5.1.1'];
    const own = [`Final-Recipient: rfc822; ${recipient.toUpperCase()}`, 'Action: relayed', 'Status: 2.1.5'];
    const body = report({ to: mail.from }).replace(
      /Final-Recipient:[^]*?No such user\r\n/,
      [...other, '', ...own, ''].join('\r\n'),
    );
    expect((await post(body)).body).toMatchObject({ outcome: 'recorded', action: 'relayed', status: '2.1.5' });
  });

  it('about a link that was renewed meanwhile say nothing of the new mail', async () => {
    const { recipient, delivery, mail } = await mailed.sent();
    await mailed.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${delivery.id}/extend`, {
      linkLifetime: 'PT1S',
    });
    await until('expiry', async () => {
      const found = await mailed.program.admin.expect<DeliveryView>(
        200,
        'GET',
        `/api/v1/admin/deliveries/${delivery.id}`,
      );
      return found.state === 'expired' ? true : undefined;
    });
    await mailed.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${delivery.id}/extend`, {
      linkLifetime: 'P1D',
    });
    await mailed.mailTo(recipient, /^<dispatch-[\w-]+-1@/);
    expect((await post(report({ to: mail.from }))).body.outcome).toBe('recorded');
  });

  it('forged or unknown are refused with the reason', async () => {
    const { mail, delivery } = await mailed.sent();
    const forged = mail.from.replace(
      /\+(.{30})(.)/,
      (_, start: string, letter: string) => `+${start}${letter === 'a' ? 'b' : 'a'}`,
    );
    const refused = [
      await post(report({ to: forged, returned: `Message-ID: ${mail.messageId}` })),
      await post(report({ returned: 'Message-ID: <nobody@nowhere.example>' })),
      await post(report({})),
    ];
    for (const { status, body } of refused) {
      expect(status).toBe(422);
      expect(body.detail).toMatch(/return address|names no mail/);
    }
    const found = await mailed.program.admin.expect<DeliveryView>(
      200,
      'GET',
      `/api/v1/admin/deliveries/${delivery.id}`,
    );
    expect(found.undeliverableAt).toBeNull();
  });

  it.each([
    ['an ordinary mail', 'From: a@b.org\r\n\r\nHello', 'message/rfc822'],
    ['an automatic answer', 'From: a@b.org\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.', 'message/rfc822'],
    ['a report without a recipient', report({ action: 'nonsense' }), 'message/rfc822'],
    ['JSON', '{"a": 1}', 'application/json'],
    ['JSON that is none', '{', 'application/json'],
    ['a form', 'a=b', 'application/x-www-form-urlencoded'],
    ['lines', '{}\n', 'application/x-ndjson'],
    ['bytes', '\u0000\u0001\uffff', 'application/octet-stream'],
    ['nothing', '', 'message/rfc822'],
    [
      'parts in parts in parts',
      Array.from(
        { length: 5_000 },
        (_, n) => `Content-Type: multipart/mixed; boundary="b${n}"\r\n\r\n--b${n}\r\n`,
      ).join(''),
      'message/rfc822',
    ],
    [
      'a hundred thousand parts',
      `Content-Type: multipart/report; boundary="b"\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(90_000)}`,
      'message/rfc822',
    ],
  ])('that are none are refused with the reason: %s', async (_, body, type) => {
    const answer = await post(body, type);
    expect(answer.status).toBe(422);
    expect(answer.body.detail).toMatch(/report|mail|empty/);
  });

  it('too large are refused before they are read', async () => {
    expect((await post('x'.repeat(1_200_000))).status).toBe(413);
    expect((await post('x'.repeat(1_200_000), 'message/rfc822', 'not-the-key')).status).toBe(401);
  });
});
