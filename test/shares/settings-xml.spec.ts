// What the server writes as `settings.xml` is what the Data Mover reads, whatever a platform and a label are called.

import { afterAll, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings } from '../../data-mover/settings.js';
import { readXml, textAt } from '../../src/mediaflux/protocol/index.js';
import { settingsXml } from '../../src/shares/settings-xml.js';
import { freshFolder, removeFolders } from '../support/folders.js';

const folder = freshFolder();
afterAll(() => removeFolders(folder));

it.each(['R&D <cryo> "2"', "Labor für O'Neill", 'größe 日本 😀', ']]> &amp; &lt;'])('is read back with %s', (name) => {
  const file = join(folder, 'settings.xml');
  const target = { server: 'https://dispatch.example.org/data?a=1&b=<2>', token: 'abc-DEF_123' };
  writeFileSync(file, settingsXml({ ...target, platform: name, label: name }));
  expect(readSettings(file)).toEqual(target);
  const root = readXml(readFileSync(file, 'utf8'));
  expect([textAt(root, 'platform'), textAt(root, 'label')]).toEqual([name, name]);
});
