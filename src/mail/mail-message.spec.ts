import { describe, expect, it } from '@jest/globals';
import { simpleParser } from 'mailparser';
import { mailMessage } from './mail-message.js';

const written = (replyTo: { name: string; address: string }) =>
  mailMessage(
    { subject: 'Your data', text: 'They are there.', html: '<p>They are there.</p>', replyTo },
    {
      from: { name: 'Dispatch', address: 'dispatch@example.org' },
      to: 'ada@example.org',
      messageId: '<dispatch-1@example.org>',
      date: new Date('2026-03-01T09:00:00Z'),
    },
  );

describe('Reply-To', () => {
  it('is the contact, with a name in any letters', async () => {
    const { replyTo } = await simpleParser(await written({ name: 'Büro 显微镜', address: 'desk@example.org' }));
    expect(replyTo?.value).toEqual([{ name: 'Büro 显微镜', address: 'desk@example.org' }]);
  });

  it('has a domain of other letters in its ASCII form', async () => {
    const message = await written({ name: 'Desk', address: 'desk@bücher.example' });
    expect(message.toString('latin1')).toContain('desk@xn--bcher-kva.example');
  });

  it.each(['büro@example.org', '显微镜@example.org'])(
    'is left out where no server without SMTPUTF8 could take it: %s',
    async (address) => {
      const message = (await written({ name: 'Desk', address })).toString('latin1');
      const [headers = ''] = message.split('\r\n\r\n');
      expect(headers).not.toMatch(/^Reply-To:/im);
      expect(headers).not.toMatch(/[^\r\n\t -~]/);
      expect(headers).toMatch(/^From: Dispatch <dispatch@example\.org>\r$/m);
    },
  );
});
