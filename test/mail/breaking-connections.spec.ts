// The moment between a mail's content and its end, in which a connection may break. Real sockets.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, SmtpConnections } from '../../src/mail/smtp-connections.js';
import { SmtpScript } from '../support/smtp-script.js';
import { until } from '../support/wait.js';

let server: SmtpScript;

beforeEach(async () => {
  server = await SmtpScript.start();
});
afterEach(() => server.close());

describe('a connection that breaks after the content has left, while it is noted that its end is sent now', () => {
  const handOver = (connections: SmtpConnections, mayEnd: () => Promise<boolean>): Promise<Answer> =>
    connections.handOver(
      { from: 'from@example.org', to: 'to@example.org' },
      Buffer.from('Subject: x\r\n\r\nx\r\n'),
      (step) => (step === 'start' ? true : mayEnd()),
    );

  it('got no end: the mail has certainly not arrived', async () => {
    const connections = new SmtpConnections(server.url, 1);
    const answer = await handOver(connections, async () => {
      server.hangUp();
      await until('the connection closed on both sides', () => server.open === 0 || undefined);
      return true;
    });
    connections.close();
    expect(answer).toMatchObject({ isTaken: false, wasDotSent: false, wasStopped: false });
    expect(server.mails).toEqual([]);
  });

  it('gets it where it stands', async () => {
    const connections = new SmtpConnections(server.url, 1);
    const answer = await handOver(connections, async () => true);
    connections.close();
    expect(answer).toEqual({ isTaken: true });
    expect(server.mails).toHaveLength(1);
  });
});
