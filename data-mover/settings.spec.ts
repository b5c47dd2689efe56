import { afterAll, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from './settings.js';

const folder = mkdtempSync(join(tmpdir(), 'settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SETTINGS = `<?xml version="1.0" encoding="UTF-8"?>\r
<instrument-dispatch version="1">\r
  <server>https://dispatch.example.org/</server>\r
  <token>abc-DEF_123</token>\r
  <label>Größe</label>\r
</instrument-dispatch>\r
`;

it.each([
  ['UTF-8', Buffer.from(SETTINGS)],
  ['UTF-8 with its mark, as Notepad saves it', Buffer.from(`\ufeff${SETTINGS}`)],
  ['UTF-16, as PowerShell writes it', Buffer.from(`\ufeff${SETTINGS}`, 'utf16le')],
  ['UTF-16 the other way round', Buffer.from(`\ufeff${SETTINGS}`, 'utf16le').swap16()],
])('is read as %s', (_, bytes) => {
  const file = join(folder, 'settings.xml');
  writeFileSync(file, bytes);
  expect(readSettings(file)).toEqual({ server: 'https://dispatch.example.org', token: 'abc-DEF_123' });
});

it('is told from a file that is no text', () => {
  const file = join(folder, 'settings.xml');
  writeFileSync(file, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0xff]));
  expect(() => readSettings(file)).toThrow(`${file} is no text; is it the right file?`);
});
