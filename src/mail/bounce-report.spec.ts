// Delivery reports as mail servers really write them, in their order and with their habits; names and addresses are ours.

import { describe, expect, it } from '@jest/globals';
import { readBounceReport } from './bounce-report.js';
import { outcomeFor } from './bounce-report.rules.js';

const ADA = 'ada@uni.example';
const OURS = '<dispatch-1-0@dispatch.example>';

const lines = (...text: readonly string[]): string => text.join('\r\n');

/** A mail of parts, each with its own headers. */
const mail = (headers: readonly string[], ...parts: readonly string[]): string =>
  lines(
    'From: Mail Delivery System <MAILER-DAEMON@mx.example>',
    'To: bounce+token@dispatch.example',
    'MIME-Version: 1.0',
    ...headers,
    '',
    ...parts.flatMap((part) => ['--=_b', part]),
    '--=_b--',
    '',
  );
const report = (...parts: readonly string[]): string =>
  mail(
    ['Subject: Undelivered', 'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"'],
    ...parts,
  );
const status = (...blocks: readonly (readonly string[])[]): string =>
  lines(
    'Content-Description: Delivery report',
    'Content-Type: message/delivery-status',
    '',
    ...blocks.flatMap((block) => [...block, '']),
  );
const returned = (disposition: readonly string[] = []): string =>
  lines(
    'Content-Description: Undelivered Message',
    'Content-Type: message/rfc822',
    ...disposition,
    '',
    'Return-Path: <bounce+token@dispatch.example>',
    'Received: from dispatch.example by mx.example; Thu, 26 Nov 2026 09:00:00 +0000',
    `Message-ID: ${OURS}`,
    'Subject: Your data',
    'Content-Type: multipart/alternative; boundary=inner',
    '',
    '--inner',
    'Content-Type: text/plain',
    '',
    'Hello,',
    '--inner--',
  );

interface Told {
  action: string;
  status: string;
}

async function toldOf(raw: string, address = ADA): Promise<Told & { messageId: string | undefined }> {
  const read = await readBounceReport(Buffer.from(raw, 'latin1'));
  if ('refused' in read) throw new Error(read.refused);
  const { action, status: code } = outcomeFor(read.recipients, address);
  return { action, status: code, messageId: read.messageId };
}

const SAMPLES: readonly (readonly [string, string, Told])[] = [
  [
    'Postfix',
    report(
      lines('Content-Type: text/plain; charset=us-ascii', '', 'This is the mail system at host mx.example.'),
      status(
        ['Reporting-MTA: dns; mx.example', 'X-Postfix-Queue-ID: 4Bk1', 'X-Postfix-Sender: rfc822; bounce@x.example'],
        [
          `Final-Recipient: rfc822; ${ADA}`,
          `Original-Recipient: rfc822;${ADA}`,
          'Action: failed',
          'Status: 5.1.1',
          'Remote-MTA: dns; mx.uni.example',
          'Diagnostic-Code: smtp; 550 5.1.1 <ada@uni.example>: Recipient address rejected:',
          '    User unknown in virtual mailbox table',
        ],
      ),
      returned(),
    ),
    { action: 'failed', status: '5.1.1' },
  ],
  [
    'Exchange, in German, with its report in base64 and the mail shown within',
    report(
      lines(
        'Content-Type: multipart/alternative; boundary=alt',
        '',
        '--alt',
        'Content-Type: text/plain; charset="iso-8859-1"',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        'Ihre Nachricht konnte nicht zugestellt werden: der Empf=E4nger wurde nicht gefunden.',
        '--alt--',
      ),
      lines(
        'Content-Type: message/delivery-status',
        'Content-Transfer-Encoding: base64',
        '',
        Buffer.from(
          lines(
            'Reporting-MTA: dns;AM0PR01.prod.example',
            'Received-From-MTA: dns;dispatch.example',
            '',
            `Final-Recipient: rfc822;${ADA}`,
            'Action: failed',
            'Status: 5.1.10',
            'Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP lookup',
            '',
          ),
        ).toString('base64'),
      ),
      returned(['Content-Disposition: inline']),
    ),
    { action: 'failed', status: '5.1.10' },
  ],
  [
    'Gmail, which names the Message-ID in its report and returns nothing',
    report(
      status(
        [
          'Reporting-MTA: dns; googlemail.example',
          'Arrival-Date: Thu, 26 Nov 2026 01:00:00 -0800 (PST)',
          `X-Original-Message-ID: ${OURS}`,
        ],
        [
          `Final-Recipient: rfc822; ${ADA}`,
          'Action: failed',
          'Status: 5.1.1',
          'Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try',
          ' 550-5.1.1 double-checking the address 550 5.1.1 - gsmtp',
          'Last-Attempt-Date: Thu, 26 Nov 2026 01:00:01 -0800 (PST)',
        ],
      ),
    ),
    { action: 'failed', status: '5.1.1' },
  ],
  [
    'Exim, of a host that was not reached for days',
    report(
      status(
        ['Reporting-MTA: dns; exim.example'],
        [`Action: failed`, `Final-Recipient: rfc822;${ADA}`, 'Status: 5.0.0'],
      ),
      lines('Content-type: text/rfc822-headers', '', `Message-Id: ${OURS}`),
    ),
    { action: 'failed', status: '5.0.0' },
  ],
  [
    'Sendmail, which goes on trying',
    report(
      status(
        ['Reporting-MTA: dns; sm.example', 'Arrival-Date: Thu, 26 Nov 2026 09:00:00 GMT'],
        [
          `Final-Recipient: RFC822; ${ADA}`,
          'Action: delayed',
          'Status: 4.4.2 (connection timed out)',
          'Will-Retry-Until: Tue, 1 Dec 2026 09:00:00 GMT',
        ],
      ),
      lines('Content-Type: text/rfc822-headers', '', `Message-ID:`, ` ${OURS}`),
    ),
    { action: 'delayed', status: '4.4.2' },
  ],
  [
    'a queue that ran out of time',
    report(
      status(
        ['Reporting-MTA: dns; mx.example'],
        [`Final-Recipient: rfc822; ${ADA}`, 'Action: failed', 'Status: 4.4.7'],
      ),
      returned(),
    ),
    { action: 'failed', status: '4.4.7' },
  ],
  [
    'one without a recipient’s name',
    report(
      status(['Reporting-MTA: dns; mx.example'], ['Action: Failed (fehlgeschlagen)', 'Status: 5.2.1']),
      returned(),
    ),
    { action: 'failed', status: '5.2.1' },
  ],
  [
    'one without a status, with what the other server answered',
    report(
      status(
        ['Reporting-MTA: dns; old.example'],
        [`Final-Recipient: rfc822; ${ADA}`, 'Action: failed', 'Diagnostic-Code: smtp; 550 no mailbox of that name'],
      ),
      returned(),
    ),
    { action: 'failed', status: '5.0.0' },
  ],
  [
    'one without an action',
    report(
      status(['Reporting-MTA: dns; old.example'], [`Final-Recipient: rfc822; ${ADA}`, 'Status: 5.1.2']),
      returned(),
    ),
    { action: 'failed', status: '5.1.2' },
  ],
  [
    'a report in UTF-8 (RFC 6533)',
    report(
      lines(
        'Content-Type: message/global-delivery-status',
        '',
        'Reporting-MTA: dns; mx.example',
        '',
        `Final-Recipient: utf-8; ${ADA}`,
        'Action: failed',
        'Status: 5.6.7',
        '',
      ),
      lines('Content-Type: message/global-headers', '', `Message-ID: ${OURS}`),
    ),
    { action: 'failed', status: '5.6.7' },
  ],
  [
    'one that a postmaster passed on as an attachment',
    mail(
      ['Subject: Fwd: Undelivered', 'Content-Type: multipart/mixed; boundary="=_b"'],
      lines('Content-Type: text/plain', '', 'For you.'),
      lines(
        'Content-Type: message/rfc822',
        'Content-Disposition: attachment; filename="Undelivered.eml"',
        '',
        report(
          status(
            ['Reporting-MTA: dns; mx.example'],
            [`Final-Recipient: rfc822; ${ADA}`, 'Action: failed', 'Status: 5.1.1'],
          ),
          returned(),
        ).replaceAll('=_b', '=_inside'),
      ),
    ),
    { action: 'failed', status: '5.1.1' },
  ],
  [
    'one with the line of a mailbox before it, as it comes by a pipe, and ends of lines of Unix',
    `From MAILER-DAEMON  Thu Nov 26 09:00:00 2026\r\n${report(
      status(
        ['Reporting-MTA: dns; mx.example'],
        [`Final-Recipient: rfc822; ${ADA}`, 'Action: failed', 'Status: 5.1.1'],
      ),
      returned(),
    )}`.replaceAll('\r\n', '\n'),
    { action: 'failed', status: '5.1.1' },
  ],
  [
    'one that is cut off in the returned mail',
    report(
      status(
        ['Reporting-MTA: dns; mx.example'],
        [`Final-Recipient: rfc822; ${ADA}`, 'Action: failed', 'Status: 5.1.1'],
      ),
      returned(),
    ).replace(/--inner--[^]*$/, ''),
    { action: 'failed', status: '5.1.1' },
  ],
];

describe('a report', () => {
  it.each(SAMPLES)('of %s is read', async (_, raw, told) => {
    expect(await toldOf(raw)).toEqual({ ...told, messageId: OURS });
  });

  const block = (final: string, action: string, code: string, original?: string): string[] => [
    ...(original === undefined ? [] : [`Original-Recipient: rfc822;${original}`]),
    `Final-Recipient: rfc822; ${final}`,
    `Action: ${action}`,
    `Status: ${code}`,
  ];

  it.each<[string, string[][], Told]>([
    [
      'of several people says what became of ours',
      [block('bob@uni.example', 'failed', '5.1.1'), block('Ada@Uni.example', 'delivered', '2.0.0')],
      { action: 'delivered', status: '2.0.0' },
    ],
    [
      'of several people, ours the one who is not there',
      [block('bob@uni.example', 'delivered', '2.0.0'), block(ADA, 'failed', '5.1.1')],
      { action: 'failed', status: '5.1.1' },
    ],
    [
      'of an address that stands for several, one of whom got it',
      [block('bob@uni.example', 'failed', '5.1.1', ADA), block('eve@uni.example', 'relayed', '2.0.0', ADA)],
      { action: 'relayed', status: '2.0.0' },
    ],
    [
      'of an address that stands for several, none of whom got it',
      [block('bob@uni.example', 'failed', '5.1.1', ADA), block('eve@uni.example', 'failed', '5.2.1', ADA)],
      { action: 'failed', status: '5.1.1' },
    ],
    [
      'of an address that is forwarded to one that is not there',
      [block('ada@home.example', 'failed', '5.1.1', 'ada@uni.example')],
      { action: 'failed', status: '5.1.1' },
    ],
    [
      'of an address that it does not name, forwarded to two, one of which is only late',
      [block('x@home.example', 'failed', '5.1.1'), block('y@home.example', 'delayed', '4.4.1')],
      { action: 'delayed', status: '4.4.1' },
    ],
  ])('%s', async (_, blocks, told) => {
    const raw = report(status(['Reporting-MTA: dns; mx.example'], ...blocks), returned());
    expect(await toldOf(raw)).toEqual({ ...told, messageId: OURS });
  });

  it('knows an address with a plus, however it is written', async () => {
    const blocks = ['ada+lab@uni.example', 'ada+2Blab@uni.example'].map((written) => [
      block('bob@uni.example', 'failed', '5.1.1'),
      block('somewhere@else.example', 'delivered', '2.0.0', written),
    ]);
    for (const two of blocks) {
      const raw = report(status(['Reporting-MTA: dns; mx.example'], ...two.toReversed()), returned());
      expect(await toldOf(raw, 'ada+lab@uni.example')).toMatchObject({ action: 'delivered' });
    }
  });

  it.each([
    ['an answer that was read', 'message/disposition-notification', ['Disposition: automatic-action; displayed']],
    ['statistics', 'text/plain', ['Action: failed', 'Status: 5.1.1']],
  ])('is none: %s', async (_, type, fields) => {
    const raw = mail(
      ['Content-Type: multipart/report; boundary="=_b"'],
      lines(`Content-Type: ${type}`, '', ...fields),
      returned(),
    );
    expect(await readBounceReport(Buffer.from(raw))).toEqual({ refused: expect.stringMatching(/no delivery report/) });
  });

  it('that says of nobody what became of the mail is refused', async () => {
    const raw = report(status(['Reporting-MTA: dns; 5.1.1.example', 'Arrival-Date: 550'], ['Action: failed']));
    expect(await readBounceReport(Buffer.from(raw))).toEqual({ refused: expect.stringMatching(/names no recipient/) });
  });
});
