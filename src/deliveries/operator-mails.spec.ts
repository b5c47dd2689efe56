import { expect, it } from '@jest/globals';
import { LANGUAGES, wordsFor } from '../language/index.js';
import { plainMail } from './operator-mails.js';

const facts = { platform: 'Microscopy', contactName: 'Robin', contactEmail: 'robin@example.org' };

it.each([...LANGUAGES])('leaves addresses as they are, to be copied, and no other word a link: %s', (language) => {
  const words = wordsFor(language);
  const recipient = 'ada@example.org';
  const recipients = `${recipient}, grace@example.org`;
  const { text, html } = plainMail(
    words,
    facts,
    'A subject',
    [words.say('vanished.intro', { recipients }), words.say('undeliverable.text', { recipient })],
    [
      words.say('notice.sent', { recipient, folder: 'www.evil.example', until: '2026' }),
      words.say('notice.failed', {
        what: words.say('notice.sentWithoutEnd', { recipient, folder: 'a。evil.example' }),
        reason: 'refused',
      }),
    ],
  );
  for (const part of [text, html]) {
    expect(part.match(/ada@example\.org/g)?.length).toBeGreaterThanOrEqual(4);
    expect(part).toContain('grace@example.org');
    expect(part).not.toMatch(/www\.|evil\.example|a。evil/);
  }
});
