// The mail about a complete upload that has changed, in every language, and when it is no longer to be sent.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { UploadChangedMail } from '../../src/deliveries/changed-mail.js';
import { LANGUAGES } from '../../src/language/index.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { insert, makePlatform, makeUpload } from '../support/make.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());

interface Fields {
  look?: number;
  finding?: string;
  is_told?: boolean;
}

async function makeLook(
  platformId: string,
  uploadId: string,
  { look = 1, finding = 'changed', is_told = true }: Fields,
) {
  const id = randomUUID();
  const isChanged = finding === 'changed';
  await insert(database.dataSource, 'upload_look', {
    id,
    upload_id: uploadId,
    platform_id: platformId,
    look,
    finding,
    verified_files: 1_200,
    verified_stime: 5,
    files: 1_201,
    stime: 9,
    differences: isChanged ? 3 : null,
    is_told: isChanged && is_told,
    at: new Date('2026-03-02T09:00:00Z'),
  });
  return id;
}

const compose = (lookId: string) =>
  new UploadChangedMail().compose(database.dataSource.manager, {
    id: randomUUID(),
    kind: 'upload-changed',
    subjectId: lookId,
    personId: randomUUID(),
    messageId: '<x@example.org>',
  });

async function changed(language = 'en', fields: Fields = {}) {
  const platformId = await makePlatform(database.dataSource, { language });
  const uploadId = await makeUpload(database.dataSource, platformId, { folder: 'a-folder' });
  const lookId = await makeLook(platformId, uploadId, fields);
  return { platformId, uploadId, lookId };
}

describe('the mail about a changed upload', () => {
  it.each([...LANGUAGES])('says what was found where, and what to do: %s', async (language) => {
    const { lookId } = await changed(language);
    const long = `${'d/'.repeat(400)}end`;
    for (const [index, [path, problem]] of [
      ['line\nbreak\u202egpj', 'missing'],
      [long, 'unexpected'],
      ['c', 'unverifiable'],
    ].entries())
      await insert(database.dataSource, 'upload_look_path', { look_id: lookId, position: index + 1, path, problem });
    const mail = await compose(lookId);
    if ('skip' in mail) throw new Error(mail.skip);
    const { subject, text, html } = mail;
    expect(subject).toContain('a-folder');
    expect(`${subject}${text}${html}`).not.toMatch(/[{}]|undefined|NaN/);
    for (const number of [/1.?200/, /1.?201/, /2026/]) expect(text).toMatch(number);
    expect(text).toContain('line\ufffdbreak\ufffdgpj');
    expect(text).toContain('…');
    expect(text).not.toContain(long);
    expect(text).toContain('Mediaflux');
    expect(text.split('\n').length).toBeGreaterThan(14);
  });

  it('is not sent once a later look has found everything as verified, or gone, or something else that is told', async () => {
    for (const later of [
      { finding: 'unchanged' },
      { finding: 'as-verified' },
      { finding: 'gone' },
      { is_told: true },
    ]) {
      const { platformId, uploadId, lookId } = await changed();
      expect(await compose(lookId)).toHaveProperty('subject');
      await makeLook(platformId, uploadId, { ...later, look: 2 });
      expect(await compose(lookId)).toEqual({ skip: 'out-of-date' });
    }
  });

  it('is sent where the later look found the same, or could not be made', async () => {
    for (const later of [{ is_told: false }, { finding: 'not-seen' }]) {
      const { platformId, uploadId, lookId } = await changed();
      await makeLook(platformId, uploadId, { ...later, look: 2 });
      expect(await compose(lookId)).toHaveProperty('subject');
    }
  });
});
