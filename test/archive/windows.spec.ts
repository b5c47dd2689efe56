// Zip links on Windows: what a zip of ordinary data holds is unpacked there as it is; where names are such that it cannot
// be, whoever sent and whoever fetches the data are told beforehand, of as many as the zip has.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { entryName } from '../../emulator/archive/archive-entries.js';
import { type ArchiveEntry, writeZip } from '../../emulator/archive/zip-writer.js';
import { LANGUAGES } from '../../src/language/index.js';
import { Api } from '../support/api.js';
import { writeSettings } from '../support/instrument.js';
import { contentsOf, writeSampleTree, writeTree } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { freshFolder } from '../support/folders.js';
import { dataMover, Program } from '../support/program.js';
import { windowsFaultsOf } from '../support/windows-zip.js';
import { contentsOfZip } from '../support/zip.js';

let program: Program;
let settings: string;
const work = freshFolder();

beforeAll(async () => {
  program = await Program.start();
  settings = join(work, 'settings.xml');
  await writeSettings(program, settings);
});
afterAll(() => program.stop());

/** Uploads a folder, and answers what its end user gets, and what the Data Mover said. */
async function dispatched(folder: string, to: string): Promise<{ link: string; zip: Buffer; said: string }> {
  const finished = await dataMover(['upload', '--settings', settings, '--to', to, folder], join(work, 'state'));
  expect(finished).toMatchObject({ code: 0 });
  const link = linkIn(await program.mailbox.next(to, /your data/));
  const zip = Buffer.from(await (await fetch(`${link}/direct`, { method: 'POST' })).arrayBuffer());
  return { link, zip, said: `${finished.stdout}${finished.stderr}` };
}
const pageOf = async (link: string, language = 'en'): Promise<string> =>
  (await fetch(`${link}?lang=${language}`, { headers: { accept: 'text/html' } })).text();

describe('a zip link', () => {
  it('of ordinary data gives what Windows unpacks as it is, and nobody is warned', async () => {
    const folder = join(work, 'ordinary');
    writeSampleTree(folder);
    writeTree(folder, { '🔬/größe 日本.txt': 'x', [`${'x'.repeat(175)}.tif`]: 'long', 'con sole/com10/a.con': 'x' });
    const { link, zip, said } = await dispatched(folder, 'ada@example.org');
    expect(contentsOfZip(zip)).toEqual(contentsOf(folder));
    expect(windowsFaultsOf(zip)).toEqual([]);
    expect(await pageOf(link)).not.toContain('On Windows, ');
    expect(said).not.toContain('Windows');
  });

  it('of names that Windows cannot hold says so on the page in every language, of as many as are in the zip', async () => {
    const folder = join(work, 'awkward');
    const awkward = [
      'CON',
      'nul.txt',
      'a:b',
      'C:\\x',
      'what?',
      'star*',
      'q"uote',
      '<tag>',
      'pi|pe',
      'back\\slash',
      'dot.',
      'space ',
      'deep/aux/x',
      'deep/dir./x',
    ];
    const long = [`${'x'.repeat(251)}.tif`, `${'deeper/'.repeat(30)}x`];
    writeTree(folder, {
      ...Object.fromEntries([...awkward, ...long].map((name) => [name, name])),
      'Case.txt': 'A',
      'case.txt': 'a',
      'fine.txt': 'x',
    });
    const { link, zip, said } = await dispatched(folder, 'bea@example.org');
    expect(contentsOfZip(zip)).toEqual(contentsOf(folder));
    const faults = windowsFaultsOf(zip);
    expect(faults.length).toBe(awkward.length + long.length + 1);
    for (const language of LANGUAGES)
      expect(await pageOf(link, language)).toMatch(
        new RegExp(`Windows[^<]*\\b${faults.length}\\b|\\b${faults.length}\\b[^<]*Windows`),
      );
    expect(await pageOf(link)).toContain(`On Windows, ${faults.length} names in these data cannot be used`);
    expect(said).toContain('whoever fetches it there will have to rename it');
    const { items } = await program.admin.expect<{ items: { id: string; files: number }[] }>(
      200,
      'GET',
      '/api/v1/admin/uploads',
    );
    const id = items.find(({ files }) => files === awkward.length + long.length + 3)?.id ?? '';
    const token = /<token>([^<]*)/.exec(readFileSync(settings, 'utf8'))?.[1];
    const { warnings } = await new Api(program.endpoints.server, token).expect<{ warnings: string[] }>(
      200,
      'GET',
      `/api/v1/uploads/${id}`,
    );
    expect(warnings.join(' ')).toMatch(/Windows cannot hold these names, .*, and 9 more\./);
    expect(warnings.join(' ')).toMatch(/cannot open these paths, .*xxx\.tif”/);
    expect(said).toContain('its path is longer than 179 characters');
  });
});

describe('the judge of these zips', () => {
  const zipOf = async (...names: string[]): Promise<Buffer> => {
    const parts: Buffer[] = [];
    const entries = names.map((name): ArchiveEntry => ({
      name,
      size: 0,
      crc: 0,
      modified: new Date(0),
      read: () => [],
    }));
    for await (const part of writeZip(entries)) parts.push(part);
    return Buffer.concat(parts);
  };

  it.each([
    ['/absolute', 'is absolute'],
    ['C:/x', 'is absolute'],
    ['a/../b', 'leads elsewhere'],
    ['a//b', 'leads elsewhere'],
    ['a\\..\\b', 'leads elsewhere'],
    ['a/LPT1.txt', 'device'],
    ['a /b', 'dot or a space'],
    ['x'.repeat(256), 'too long'],
    [`${'folder/'.repeat(26)}x`, 'too long'],
    ['a\u0001b', 'character'],
  ])('finds fault with %j', async (name, why) => {
    expect(windowsFaultsOf(await zipOf(name, 'fine.txt'))).toEqual([expect.stringContaining(why)]);
  });

  it('finds names that differ in their case, and a name that is not said to be UTF-8', async () => {
    expect(windowsFaultsOf(await zipOf('Größe.txt', 'GRÖSSE.TXT', 'größe.TXT', 'a/b', 'A/B'))).toHaveLength(3);
    const zip = await zipOf('größe');
    zip.writeUInt16LE(0, 6);
    expect(windowsFaultsOf(zip)).toEqual([expect.stringContaining('UTF-8')]);
  });

  it('finds no way out of the folder in any entry, whatever a path is called', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('..', '.', '', 'a', '\\', 'C:', '..\\', 'x')), (steps) => {
        const name = entryName(`/p/${steps.join('/')}`, '/p');
        for (const step of name.split(/[/\\]/)) expect(['', '.', '..']).not.toContain(step);
      }),
    );
  });
});
