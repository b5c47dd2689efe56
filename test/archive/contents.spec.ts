// What `asset.archive.create` puts into an archive and by which names, and what it refuses before the first byte.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type RunningEmulator } from '../../emulator/index.js';
import { entryName } from '../../emulator/archive/archive-entries.js';
import { writeZip } from '../../emulator/archive/zip-writer.js';
import { freshFolder } from '../support/folders.js';
import { RawClient, textIn } from '../support/raw-client.js';
import { contentsOfZip, foldersOfZip } from '../support/zip.js';

const LAB = '/projects/proj-researcher-1128.4.20';
const TREE = `${LAB}/tree`;
let emulator: RunningEmulator;
let ada: RawClient;

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir: freshFolder() });
  ada = new RawClient(emulator.url, { domain: 'demo', user: 'researcher', password: 'researcher' });
  await ada.logon();
  for (const path of ['a/one.txt', 'a/two.dat', 'deep/er/three.txt']) {
    const [, folder = '', name = ''] = /^(.*)\/(.*)$/.exec(path) ?? [];
    await ada.upload(
      ada.request('asset.create', `<namespace create="true">${TREE}/${folder}</namespace><name>${name}</name>`),
      path,
    );
  }
  const record = (folder: string) =>
    ada.call('asset.create', `<namespace create="true">${TREE}/${folder}</namespace><name>no content</name>`);
  await record('records/only');
  await record('a');
  await ada.call('asset.namespace.create', `<namespace all="true">${TREE}/empty/inside</namespace>`);
});
afterAll(() => emulator.close());

const where = (query: string): string => `<where>${query.replaceAll('>', '&gt;')}</where>`;
const PREFIX = `<remove-path-prefix>${TREE}</remove-path-prefix>`;

async function archive(args: string): Promise<Buffer> {
  const reply = await ada.execute('asset.archive.create', args, '<outputs-via>session</outputs-via>', ' outputs="1"');
  const id = /<outputs><id>(\d+)<\/id>/.exec(reply)?.[1];
  if (id === undefined) throw new Error(textIn(reply, 'message'));
  const output = await ada.get(`/mflux/output.mfjp?_skey=${ada.session}&id=${id}`);
  return Buffer.from(await output.arrayBuffer());
}
async function names(args: string): Promise<{ files: string[]; folders: string[] }> {
  const zip = await archive(args);
  return { files: Object.keys(contentsOfZip(zip)).sort(), folders: foldersOfZip(zip).sort() };
}
const refusal = async (args: string): Promise<string> =>
  (textIn(await ada.call('asset.archive.create', args), 'message').split('\n')[0] ?? '').replace(/^.* failed: /, '');

const FILES = ['a/one.txt', 'a/two.dat', 'deep/er/three.txt'];
const FOLDERS = ['empty/inside/', 'records/only/'];

describe('an archive', () => {
  it.each([
    ['a tree', where(`namespace>='${TREE}'`), FILES, FOLDERS],
    ['a tree by its own argument', `<namespace>${TREE}</namespace>`, FILES, FOLDERS],
    ['what has content in a tree', where(`namespace>='${TREE}' and asset has content`), FILES, FOLDERS],
    ['what lies below a folder', where(`namespace>'${TREE}'`), FILES, FOLDERS],
    [
      'two trees',
      where(`namespace>='${TREE}/a' or namespace>='${TREE}/empty'`),
      ['a/one.txt', 'a/two.dat'],
      ['empty/inside/'],
    ],
    [
      'a tree without a part',
      where(`namespace>='${TREE}' and not (namespace>='${TREE}/records')`),
      FILES,
      ['empty/inside/'],
    ],
    ['one folder without content', where(`namespace='${TREE}/records/only'`), [], ['records/only/']],
    ['files of a name', where(`namespace>='${TREE}' and name='*.txt'`), ['a/one.txt', 'deep/er/three.txt'], []],
    ['files of a name anywhere', where("name='three.txt'"), ['deep/er/three.txt'], []],
  ])('of %s holds its files, and folders only where the query names folders', async (_, query, files, folders) => {
    expect(await names(query + PREFIX)).toEqual({ files, folders });
  });

  it('does not hold a folder that the caller may not see', async () => {
    await ada.call('asset.namespace.create', `<namespace all="true">${LAB}/shut/inside</namespace>`);
    const manager = new RawClient(emulator.url, { domain: 'system', user: 'manager', password: 'manager' });
    await manager.logon();
    await manager.call(
      'asset.namespace.acl.grant',
      `<namespace>${LAB}/shut/inside</namespace><acl><actor type="user">system:manager</actor><access><namespace>access</namespace></access></acl>`,
    );
    const shut = where(`namespace>='${LAB}/shut'`) + `<remove-path-prefix>${LAB}</remove-path-prefix>`;
    expect(await names(shut)).toEqual({ files: [], folders: ['shut/'] });
  });

  it('takes a prefix with and without its first and its last slash', async () => {
    for (const prefix of [TREE, `${TREE}/`, TREE.slice(1)])
      expect(
        (await names(`${where(`namespace>='${TREE}'`)}<remove-path-prefix>${prefix}</remove-path-prefix>`)).files,
      ).toEqual(FILES);
    expect((await names(where(`namespace='${TREE}/a'`))).files[0]).toBe(`${TREE.slice(1)}/a/one.txt`);
    expect(
      (await names(`${where(`namespace='${TREE}/a'`)}<remove-path-prefix>/other</remove-path-prefix>`)).files,
    ).toEqual([`${TREE.slice(1)}/a/one.txt`, `${TREE.slice(1)}/a/two.dat`]);
  });

  it.each(['zip', 'ZIP', 'Tar.GZ', 'tgz', 'TGZ'])('is made as %s, in any case', async (format) => {
    const bytes = await archive(`${where(`namespace='${TREE}/a'`)}<format>${format}</format>`);
    expect(bytes.subarray(0, 2).toString('hex')).toBe(/zip/i.test(format) ? '504b' : '1f8b');
  });

  it.each(['content', 'all', 'Content'])('takes the parts %s', async (parts) => {
    expect((await names(`${where(`namespace>='${TREE}'`)}${PREFIX}<parts>${parts}</parts>`)).files).toEqual(FILES);
  });

  it.each([
    ['<parts>meta</parts>', "XPath args/parts is invalid: 'meta' is not made here; content and all are"],
    ['<format>aar</format>', "XPath args/format is invalid: 'aar' is not made here; zip and tar.gz and tgz are"],
    ['<for>other</for>', "XPath args/for is invalid: 'other' is not made here; user are"],
    ['<url>file:/tmp/x.zip</url>', 'XPath args/url is invalid: archives here are not made with it'],
    ['<cref>1</cref>', 'XPath args/cref is invalid: archives here are not made with it'],
    ['<constructor>1</constructor>', 'XPath args/constructor is invalid: archives here are not made with it'],
  ])('is refused by name with %s', async (argument, message) => {
    expect(await refusal(where(`namespace>='${TREE}'`) + argument)).toBe(message);
  });
});

describe('the name of an entry', () => {
  it.each([
    ['/p/a/b.txt', '/p', 'a/b.txt'],
    ['/pa/b.txt', '/p', 'pa/b.txt'],
    ['/p/../../etc/passwd', '/p', '__/__/etc/passwd'],
    ['/p/./x', '/p', '_/x'],
    ['/p//x', '/p', '_/x'],
    ['/p/..\\..\\x', '/p', '__\\__\\x'],
    ['/p/\\x', '/p', '_\\x'],
    ['/p/...', '/p', '...'],
    ['/p/..x/.hidden', '/p', '..x/.hidden'],
  ])('of %s less %s is %s', (path, prefix, name) => {
    expect(entryName(path, prefix)).toBe(name);
  });

  it('is at most 65,535 bytes in a zip, and any length in a tar', async () => {
    const long = `${LAB}/long/${Array.from({ length: 300 }, () => 'ö'.repeat(110)).join('/')}`;
    await ada.call('asset.namespace.create', `<namespace all="true">${long}</namespace>`);
    const query = where(`namespace>='${LAB}/long'`);
    expect(await refusal(query)).toMatch(/^A zip cannot hold a name of 66\d{3} bytes: projects\//);
    expect((await archive(`${query}<format>tgz</format>`)).length).toBeGreaterThan(0);
    await ada.call('asset.namespace.destroy', `<namespace>${LAB}/long</namespace>`);
    const tooLong = { name: 'x'.repeat(65_536), size: 0, crc: 0, modified: new Date(), read: () => [] };
    await expect(writeZip([tooLong]).next()).rejects.toThrow('A zip cannot hold a name of 65536 bytes.');
    expect((await writeZip([{ ...tooLong, name: 'x'.repeat(65_535) }]).next()).value).toHaveLength(30 + 65_535);
  });
});
