// Metadata documents and their types: what a definition allows, what each action makes of a document, and who may change
// a type (reference 3.3).

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmulator, type RunningEmulator } from '../../emulator/index.js';
import { freshFolder } from '../support/folders.js';
import { EMPTY_SUCCESS, RawClient, textIn } from '../support/raw-client.js';

const LAB = '/projects/proj-researcher-1128.4.20';
const dataDir = freshFolder();
let emulator: RunningEmulator;
let ada: RawClient;
let manager: RawClient;

const logon = async (domain: string, user: string): Promise<RawClient> => {
  const client = new RawClient(emulator.url, { domain, user, password: user });
  await client.logon();
  return client;
};

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, dataDir });
  ada = await logon('demo', 'researcher');
  manager = await logon('system', 'manager');
  await manager.call('asset.doc.namespace.create', '<namespace>lab</namespace>');
  await manager.call('asset.doc.type.create', `<type>lab:sample</type>${DEFINITION}`);
});
afterAll(() => emulator.close());

const DEFINITION = `<definition>
  <element name="organ" type="string"><description>Which</description><attribute name="side" type="string" min-occurs="0"/></element>
  <element name="slice" type="integer" min-occurs="0" max-occurs="2"/>
  <element name="count" type="long" min-occurs="0" max-occurs="infinity"/>
  <element name="width" type="float" min-occurs="0"/>
  <element name="depth" type="double" min-occurs="0"/>
  <element name="fixed" type="boolean" min-occurs="0"/>
  <element name="taken" type="date" min-occurs="0"/>
  <element name="stain" type="enumeration" min-occurs="0"><restriction base="enumeration"><value>red</value><value>blue</value></restriction></element>
  <element name="page" type="url" min-occurs="0"/>
  <element name="place" type="document" min-occurs="0"><element name="room" type="integer"/></element>
</definition>`;

const id = `<id>path=${LAB}/sample</id>`;
const set = (fields: string, action = '') =>
  ada.call('asset.set', `${id}<meta${action === '' ? '' : ` action="${action}"`}>${sample(fields)}</meta>`);
const sample = (fields: string) => `<lab:sample>${fields}</lab:sample>`;
const documents = async (): Promise<string> => {
  const reply = await ada.call('asset.get', id);
  return (/<\/mf-revision-history>(.*)<\/meta>/.exec(reply)?.[1] ?? reply).replaceAll(/ (?:xmlns:lab|id)="[^"]*"/g, '');
};
const isRefused = async (reply: Promise<string>): Promise<string> => {
  const message = textIn(await reply, 'message');
  return message.split('\n')[0]?.replace(/^.* failed: /, '') ?? '';
};

beforeEach(async () => {
  await ada.call('asset.destroy', id);
  await ada.call('asset.create', `<namespace>${LAB}</namespace><name>sample</name>`);
});

describe('a document', () => {
  it.each([
    ['slice', '-3'],
    ['slice', '2147483647'],
    ['count', '9223372036854775807'],
    ['width', '1.5e-3'],
    ['depth', '.5'],
    ['fixed', 'True'],
    ['taken', '31-AUG-2023'],
    ['taken', ' 1-Jan-2026 10:00:00'],
    ['stain', 'blue'],
    ['page', 'anything at all'],
  ])('takes as %s the value %s', async (field, value) => {
    expect(await set(`<organ>heart</organ><${field}>${value}</${field}>`)).toContain('<version ');
    expect(await documents()).toBe(sample(`<organ>heart</organ><${field}>${value}</${field}>`));
  });

  it.each([
    ['slice', '1.5', "'1.5' is not a value of type integer"],
    ['slice', '2147483648', "'2147483648' is not a value of type integer"],
    ['count', '9223372036854775808', "'9223372036854775808' is not a value of type long"],
    ['width', 'wide', "'wide' is not a value of type float"],
    ['depth', '0x1', "'0x1' is not a value of type double"],
    ['fixed', 'maybe', "'maybe' is not a value of type boolean"],
    ['taken', '2023-08-31', "'2023-08-31' is not a value of type date"],
    ['taken', '31-Feb-2023', "'31-Feb-2023' is not a value of type date"],
    ['taken', 'now', "'now' is not a value of type date"],
    ['stain', 'Red', "'Red' is not a value of type enumeration"],
    ['slice', '', 'missing value'],
  ])('does not take as %s the value %p', async (field, value, why) => {
    expect(await isRefused(set(`<organ>heart</organ><${field}>${value}</${field}>`))).toBe(
      `XPath lab:sample/${field} is invalid: ${why}`,
    );
    expect(await documents()).toBe('');
  });

  it('holds an element as often as its type says, and no oftener', async () => {
    const slices = (count: number) => `<organ>heart</organ>${'<slice>1</slice>'.repeat(count)}`;
    expect(await set(slices(2))).toContain('<version ');
    expect(await isRefused(set(slices(3)))).toBe('XPath lab:sample/slice is invalid: 3 values where 2 may be');
    expect(await set(`<organ>heart</organ>${'<count>1</count>'.repeat(30)}`)).toContain('<version ');
    expect(await isRefused(set('<slice>1</slice>', 'replace'))).toBe(
      'XPath lab:sample/organ is invalid: missing value',
    );
  });

  it('is checked in depth', async () => {
    expect(await set('<organ>heart</organ><place><room>7</room></place>')).toContain('<version ');
    expect(await isRefused(set('<place><room>seven</room></place>'))).toBe(
      "XPath lab:sample/place/room is invalid: 'seven' is not a value of type integer",
    );
    expect(await isRefused(set('<place/>'))).toBe('XPath lab:sample/place/room is invalid: missing value');
    expect(await isRefused(set('<place><door>1</door></place>'))).toBe(
      "The document type 'lab:sample' does not contain an element 'door'",
    );
  });

  it('keeps attributes, whatever they are', async () => {
    await set('<organ side="left" odd="1">heart</organ>');
    expect(await documents()).toBe(sample('<organ side="left" odd="1">heart</organ>'));
  });

  it('is taken unchecked where that is asked for, of a known and of an unknown type', async () => {
    const meta = '<meta><lab:sample><slice>x</slice></lab:sample><lab:none><a>1</a></lab:none></meta>';
    expect(await ada.call('asset.set', `${id}<allow-invalid-meta>true</allow-invalid-meta>${meta}`)).toContain(
      '<version ',
    );
    expect(await isRefused(ada.call('asset.set', id + meta))).toMatch(/^XPath lab:sample\/slice is invalid/);
  });
});

describe('an action', () => {
  beforeEach(async () => {
    await set('<organ>heart</organ><slice>1</slice><slice>2</slice>');
  });

  it('merges fields when nothing else is said, and holds the whole document against its type', async () => {
    expect(await set('<slice>3</slice>')).toContain('<version ');
    expect(await documents()).toBe(sample('<organ>heart</organ><slice>3</slice>'));
    expect(await set('<lab:slice>4</lab:slice>', 'Merge')).toContain('<version ');
    expect(await documents()).toBe(sample('<organ>heart</organ><lab:slice>4</lab:slice>'));
  });

  it('replaces a document, and adds another beside it', async () => {
    await set('<organ>liver</organ>', 'replace');
    expect(await documents()).toBe(sample('<organ>liver</organ>'));
    await set('<organ>lung</organ>', 'add');
    expect(await documents()).toBe(sample('<organ>liver</organ>') + sample('<organ>lung</organ>'));
  });

  it('removes fields that need not be there, or the document, and no field that must be there', async () => {
    await set('<slice/>', 'remove');
    expect(await documents()).toBe(sample('<organ>heart</organ>'));
    await set('<slice>5</slice>');
    expect(await isRefused(set('<organ/>', 'remove'))).toBe('XPath lab:sample/organ is invalid: missing value');
    expect(await documents()).toBe(sample('<organ>heart</organ><slice>5</slice>'));
    await set('', 'remove');
    expect(await documents()).toBe('');
  });

  it('that is not known is refused and nothing is changed', async () => {
    expect(await isRefused(set('<organ>lung</organ>', 'overwrite'))).toBe(
      "XPath args/meta/@action is invalid: 'overwrite' is not known; merge, replace, add, remove are",
    );
    expect(await documents()).toBe(sample('<organ>heart</organ><slice>1</slice><slice>2</slice>'));
  });
});

describe('a document type', () => {
  const define = (client: RawClient, type: string, definition = '<definition/>') =>
    client.call('asset.doc.type.update', `<create>true</create><type>${type}</type>${definition}`);

  it('makes its namespace, if it names one that is not there', async () => {
    expect(await define(manager, 'no-prefix')).toBe(EMPTY_SUCCESS);
    expect(await define(manager, 'fresh:sample')).toBe(EMPTY_SUCCESS);
    expect(await manager.call('asset.doc.type.describe', '<namespace>fresh</namespace>')).toContain('fresh:sample');
  });

  it('is changed by whoever made it and by an administrator, and by nobody else', async () => {
    const dispatch = await logon('service', 'dispatch');
    expect(await isRefused(define(dispatch, 'lab:sample', DEFINITION))).toMatch(
      /^user 'service:dispatch' \(id=\d+\) not granted ADMINISTER to document:namespace 'lab:'$/,
    );
    expect(await isRefused(define(dispatch, 'no-prefix'))).toMatch(
      /^user 'service:dispatch' \(id=\d+\) not granted ADMINISTER to document:type 'no-prefix'$/,
    );
    expect(await define(dispatch, 'lab:other')).toBe(EMPTY_SUCCESS);
    expect(await define(dispatch, 'lab:other')).toBe(EMPTY_SUCCESS);
    expect(await define(manager, 'lab:other')).toBe(EMPTY_SUCCESS);
    expect(await define(dispatch, 'lab:other')).toBe(EMPTY_SUCCESS);
  });

  it('is described with the attributes and parts of its elements', async () => {
    const reply = await ada.call('asset.doc.type.describe', '<type>lab:sample</type>');
    for (const part of [
      '<type name="lab:sample"><definition><element name="organ" type="string"><description>Which</description><attribute name="side" type="string" min-occurs="0"></attribute></element>',
      '<element name="slice" type="integer" min-occurs="0" max-occurs="2"></element>',
      '<element name="place" type="document" min-occurs="0"><element name="room" type="integer"></element></element></definition></type>',
    ])
      expect(reply).toContain(part);
    expect(await ada.call('asset.doc.type.describe', '<namespace>lab</namespace>')).toContain(
      '<type name="lab:other"><definition></definition></type>',
    );
  });
});

describe('the built-in types', () => {
  const POSIX =
    '<arc.posix.attributes><uid>501</uid><gid>20</gid><mode>420</mode><ctime>1767225600000</ctime><mtime>1767225600000</mtime><owner>ada</owner><group>staff</group><symlink>a/b</symlink><acl><principal>ada</principal></acl></arc.posix.attributes>';

  it('are there from the start, with fields that need not be', async () => {
    const meta = `<meta>${POSIX}<mf-name><name>n</name></mf-name><mf-note><note>x</note></mf-note></meta>`;
    expect(await ada.call('asset.set', id + meta)).toContain('<version ');
    expect(await documents()).toContain(POSIX);
    expect(await ada.call('asset.set', `${id}<meta action="replace"><arc.posix.attributes/></meta>`)).toContain(
      '<version ',
    );
  });

  it('cannot be redefined by others, and are made again where a data folder lacks them', async () => {
    const dispatch = await logon('service', 'dispatch');
    expect(await isRefused(dispatch.call('asset.doc.type.update', '<type>mf-note</type><definition/>'))).toContain(
      "not granted ADMINISTER to document:type 'mf-note'",
    );
    await emulator.close();
    // As a data folder of an earlier version stands.
    appendFileSync(join(dataDir, 'journal.ndjson'), '[["docType","mf-note",null]]\n');
    emulator = await startEmulator({ port: 0, dataDir });
    ada = await logon('demo', 'researcher');
    manager = await logon('system', 'manager');
    const types = await ada.call('asset.doc.type.describe');
    expect(types).toContain('<type name="mf-note"><definition><element name="note"');
    expect(types).toContain('<type name="lab:sample">');
  });
});
