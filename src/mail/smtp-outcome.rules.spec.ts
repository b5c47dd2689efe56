import { expect, it } from '@jest/globals';
import { outcomeOf } from './smtp-outcome.rules.js';

const reply = (command: string, response: string, wasDotSent = false) => ({
  command,
  response,
  responseCode: Number(response.slice(0, 3)),
  wasDotSent,
});

it.each([
  ['RCPT TO', '550 5.1.1 No such user'],
  ['RCPT TO', '550 no such user here'],
  ['RCPT TO', '550-5.1.1 The account does not exist.\n550 5.1.1 Look for typing mistakes.'],
  ['RCPT TO', '550 5.4.1 Recipient address rejected: Access denied'],
  ['RCPT TO', '550 5.5.0 Requested action not taken: mailbox unavailable'],
  ['RCPT TO', '552 5.2.2 Mailbox full'],
  ['RCPT TO', '550 5.7.13 The account is disabled'],
  ['RCPT TO', '556 5.1.10 The domain takes no mail'],
  ['DATA', '554 Transaction failed'],
  ['DATA', '554 5.6.0 Transaction failed'],
  ['DATA', '550 5.1.1 No such user'],
])('a permanent refusal of the recipient, %s: %s, is for good', (command, response) => {
  expect(outcomeOf(reply(command, response))).toBe('refused');
});

it.each([
  ['CONN', '554 5.7.1 Go away'],
  ['EHLO', '550 We do not talk to you'],
  ['AUTH PLAIN', '535 5.7.8 Wrong user or password'],
  ['MAIL FROM', '550 5.1.0 Sender refused'],
  ['MAIL FROM', '530 5.7.0 Must issue a STARTTLS command first'],
  ['MAIL FROM', '552 5.3.4 Message too large'],
  ['RCPT TO', '554 5.7.1 Relay access denied'],
  ['RCPT TO', '550 relaying not allowed'],
  ['RCPT TO', '530 5.7.0 Authentication required'],
  ['RCPT TO', '550 5.1.8 Sender domain unknown'],
  ['RCPT TO', '554 Your host is on a blocklist'],
  ['RCPT TO', '501 Syntax error'],
  ['DATA', '552 5.3.4 Message too large'],
  ['DATA', '552 Message size exceeds the limit'],
  ['DATA', '554 5.7.1 Message looks like spam'],
  ['DATA', '550 5.7.26 Not authenticated by SPF or DKIM'],
])('a permanent refusal of us or of the mail, %s: %s, is no fault of the recipient', (command, response) => {
  expect(outcomeOf(reply(command, response))).toBe('retry');
});

it.each([
  ['greylisting', reply('RCPT TO', '451 4.7.1 Greylisted, try again later'), 'retry'],
  ['a busy server', reply('DATA', '421 4.3.2 Shutting down', true), 'retry'],
  ['a temporary refusal after the final dot', reply('DATA', '452 4.3.1 Disk full', true), 'retry'],
  ['no connection', { command: 'CONN', wasDotSent: false }, 'retry'],
  ['a break before the final dot', { command: 'CONN', wasDotSent: false }, 'retry'],
  ['silence after the final dot', { command: 'CONN', wasDotSent: true }, 'unknown'],
] as const)('%s: %j means %s', (_, failure, outcome) => {
  expect(outcomeOf(failure)).toBe(outcome);
});
