// Each method to its end in every language, in a real browser without script: the buttons are found by what stands on
// them there, and what arrives is compared with what was sent. In `npm test` the methods that take long are tried in
// English (`pages.spec.ts`) and one more language.

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { catalogueOf, factsOf, type Language, LANGUAGES } from '../../src/language/languages.js';
import { launchBrowser } from '../support/browser.js';
import { contentsOf, writeSampleTree } from '../support/files.js';
import { writeSettings } from '../support/instrument.js';
import { linkIn } from '../support/mailbox.js';
import { freshFolder } from '../support/folders.js';
import { dataMover, Program } from '../support/program.js';
import { until } from '../support/wait.js';
import { contentsOfZip } from '../support/zip.js';
import { isCurlHere, runOwnCommands } from './own-commands.js';
import { follow, Visitors } from './stage.js';

const LONG = process.env['DISPATCH_TEST_LONG'] !== undefined;
const OTHERS = LANGUAGES.filter((language) => language !== 'en');
const OF_LONG_METHODS: readonly Language[] = LONG ? OTHERS : ['zh'];
const ON_LINUX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

let program: Program;
let browser: Browser;
let visitors: Visitors;
let sent: Record<string, string>;
const links = new Map<Language, string>();
const work = freshFolder();

beforeAll(async () => {
  program = await Program.start();
  await writeSettings(program, join(work, 'settings.xml'), { reminders: { enabled: true } });
  writeSampleTree(join(work, 'in'));
  sent = contentsOf(join(work, 'in'));
  const people = OTHERS.flatMap((language) => ['--to', `reader-${language}@example.org`]);
  const args = ['upload', '--settings', join(work, 'settings.xml'), ...people, join(work, 'in')];
  expect(await dataMover(args, join(work, 'state'))).toMatchObject({ code: 0 });
  for (const language of OTHERS)
    links.set(language, linkIn(await program.mailbox.next(`reader-${language}@example.org`, /your data/)));
  browser = await launchBrowser();
  visitors = new Visitors(browser, program);
});
afterEach(async () => {
  await visitors.close();
  expect(visitors.astray).toEqual([]);
});
afterAll(async () => {
  await browser.close();
  await program.stop();
});

/** A visitor whose browser reads the language, at the person's page. */
const openIn = (language: Language): Promise<Page> =>
  visitors.open(links.get(language) ?? '', { locale: factsOf(language).tag, userAgent: ON_LINUX });

/** A message up to its first value. */
function words(language: Language, key: string): string {
  const text = (catalogueOf(language) as Record<string, string | undefined>)[key];
  if (text === undefined) throw new Error(`There is no ${key} in ${language}.`);
  return text.split('{')[0] ?? '';
}
const button = (page: Page, language: Language, key: string) =>
  page.getByRole('button', { name: words(language, key) }).first();
const press = (page: Page, language: Language, key: string) => follow(page, button(page, language, key));

describe('the direct download', () => {
  it.each(OTHERS)('in %s gives a zip of exactly the files, and the page says so afterwards', async (language) => {
    const page = await openIn(language);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      button(page, language, 'page.direct.button').click(),
    ]);
    const zip = join(work, `${language}.zip`);
    await download.saveAs(zip);
    expect(contentsOfZip(readFileSync(zip))).toEqual(sent);
    await page.reload();
    expect(await page.textContent('main')).toContain(words(language, 'page.direct.started').trim());
    await press(page, language, 'page.notReceived.button');
    await press(page, language, 'page.notReceived.undo');
    await press(page, language, 'page.done.button');
    expect(await page.getByRole('button', { name: words(language, 'page.done.undo') }).count()).toBe(1);
    await press(page, language, 'page.done.undo');
  });
});

describe('the Data Mover', () => {
  // Where curl is missing, `npm test` names it among the parts that were not exercised.
  const each = (isCurlHere ? it : it.skip).each(OF_LONG_METHODS);
  each('in %s is fetched and run by the commands on the page', async (language) => {
    const page = await openIn(language);
    expect(contentsOf(await runOwnCommands(page, join(work, `fetched-${language}`)))).toEqual(sent);
    await page.reload();
    expect(await page.textContent('main')).toContain(words(language, 'page.data-mover.completed').trim());
  });
});

describe('the copy', () => {
  it.each(OF_LONG_METHODS)('in %s is made by its form, which says what is wrong, to its end', async (language) => {
    const page = await openIn(language);
    await follow(page, page.getByRole('link', { name: words(language, 'page.copy.button') }));
    const fill = async (password: string): Promise<void> => {
      await page.getByLabel(words(language, 'copyForm.domain'), { exact: true }).fill('demo');
      await page.getByLabel(words(language, 'copyForm.user'), { exact: true }).fill('researcher');
      await page.getByLabel(words(language, 'copyForm.password'), { exact: true }).fill(password);
      await page.fill('#destination', `/projects/proj-researcher-1128.4.20/copy-${language}`);
      await press(page, language, 'copyForm.submit');
    };
    await fill('wrong');
    expect(await page.textContent('[role=alert]')).toContain(words(language, 'copyTrouble.logon'));
    await fill('researcher');
    await page.waitForURL(/\/copy\/[\w-]+(\?.*)?$/);
    const done = words(language, 'copyState.completed').trim();
    await until('the copy being done', async () => {
      await page.reload();
      return (await page.textContent('main'))?.includes(done) || undefined;
    });
    expect(await page.textContent('main')).toContain(`/projects/proj-researcher-1128.4.20/copy-${language}`);
  });
});
