import { expect, it } from '@jest/globals';
import { changePlatform } from './platforms.schema.js';

const parsed = (email: string) => changePlatform.safeParse({ contact: { name: 'Büro', email } });

it.each([
  ['desk@example.org', 'desk@example.org'],
  ['desk@bücher.example', 'desk@xn--bcher-kva.example'],
])('a contact may be %s', (email, address) => {
  expect(parsed(email)).toMatchObject({ success: true, data: { contact: { email: address } } });
});

it.each(['büro@example.org', 'büro@bücher.example', '显微镜@example.org'])(
  'a contact that many mail servers could not answer to is refused with the reason: %s',
  (email) => {
    const { success, error } = parsed(email);
    expect(success).toBe(false);
    expect(error?.issues).toMatchObject([
      { path: ['contact', 'email'], message: expect.stringMatching(/ASCII.*before the @.*Reply-To/) },
    ]);
  },
);
