import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { writeXml, xml, type XmlElement } from './element.js';
import { isMediafluxError } from './errors.js';
import { resultOf } from './envelope.js';
import { packetRequest, readPacketReply } from './packets.js';
import { shortMessage } from './reply-errors.js';
import { readItems, readXml } from './xml-reader.js';

const name = fc.stringMatching(/^[a-z][a-z0-9:-]{0,8}[a-z]$/);
const text = fc
  .string({ unit: 'binary', maxLength: 30 })
  // eslint-disable-next-line no-control-regex -- what XML 1.0 cannot hold
  .filter((value) => !/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(value));

/** Reads documents with expat, which nothing of the product uses: name, attributes, text and children of each. */
const PYTHON_READER = `
import json, sys
from xml.etree import ElementTree
def plain(e): return [e.tag, dict(e.attrib), e.text or '', [plain(c) for c in e]]
print(json.dumps([plain(ElementTree.fromstring(d)) for d in json.load(sys.stdin)]))
`;
const plain = (element: XmlElement): unknown => [
  element.name,
  element.attributes,
  element.text,
  element.children.map(plain),
];
const hasPython = spawnSync('python3', ['--version']).status === 0;

describe('what is written', () => {
  (hasPython ? it : it.skip)('is read the same by a reader that is not ours, for any legal text', () => {
    const leafName = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
    const element = fc
      .tuple(leafName, fc.dictionary(leafName, text, { maxKeys: 3, noNullPrototype: true }), text, leafName, text)
      .map(([outer, attributes, value, inner, other]) =>
        xml(outer, [xml(inner, value, attributes), xml('b', other), xml('c', [xml('d', value)])]),
      );
    const elements = fc.sample(element, 500);
    const read = spawnSync('python3', ['-c', PYTHON_READER], {
      input: JSON.stringify(elements.map(writeXml)),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    expect(read.stderr).toBe('');
    expect(JSON.parse(read.stdout)).toEqual(elements.map(plain));
  });

  it('is read back the same, for any legal text', () => {
    fc.assert(
      fc.property(name, text, name, text, (outer, value, attribute, other) => {
        const element = xml(outer, [xml('a', value), xml('b', other, { [attribute]: other })]);
        const read = readXml(writeXml(element));
        expect(read.children.map((child) => child.text)).toEqual([value, other]);
        expect(read.children[1]?.attributes[attribute]).toBe(other);
      }),
    );
  });

  it('refuses what XML cannot hold', () => {
    expect(() => writeXml(xml('a', 'x\u0000'))).toThrow(RangeError);
    expect(() => writeXml(xml('a', '\ud800'))).toThrow(RangeError);
  });
});

const REPLY =
  '<?xml version="1.0" encoding="UTF-8" ?>\n<response><reply type="result"><result><asset id="1"><n>a</n></asset><asset id="2"><n>&#34;b&#34;</n></asset><iterated complete="true">2</iterated></result></reply></response>';

async function items(reply: string, cut: number): Promise<XmlElement[]> {
  const bytes = Buffer.from(reply);
  const body = (async function* () {
    for (let at = 0; at < bytes.length; at += cut) yield bytes.subarray(at, at + cut);
  })();
  const found: XmlElement[] = [];
  for await (const item of readItems(body, 'response/reply/result')) found.push(item);
  return found;
}

describe('what is read', () => {
  it('comes item by item, however the bytes are cut', async () => {
    for (const cut of [1, 3, 7, 1_000]) {
      const found = await items(REPLY, cut);
      expect(found.map((item) => [item.name, item.attributes['id'], item.children[0]?.text ?? item.text])).toEqual([
        ['asset', '1', 'a'],
        ['asset', '2', '"b"'],
        ['iterated', undefined, '2'],
      ]);
    }
  });

  it('is an error, and never half a result, when it was cut short anywhere', async () => {
    for (let length = 0; length < REPLY.length; length += 1) {
      await expect(items(REPLY.slice(0, length), 16)).rejects.toMatchObject({ kind: 'malformed-reply' });
    }
  });

  it.each([
    '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    '<a>&unknown;</a>',
    '<a><b></a>',
    `${'<a>'.repeat(200)}${'</a>'.repeat(200)}`,
    'nothing',
  ])('is refused: %s', (document) => {
    expect(() => readXml(document)).toThrow();
  });
});

describe('a damaged reply', () => {
  const damage = fc.record({
    at: fc.nat({ max: REPLY.length - 1 }),
    remove: fc.nat({ max: 20 }),
    insert: fc.uint8Array({ maxLength: 6 }),
    cut: fc.integer({ min: 1, max: 64 }),
  });

  it('ends in a result or a typed error, never otherwise', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 4 }), async (damages) => {
        let bytes = Buffer.from(REPLY);
        for (const { at, remove, insert } of damages)
          bytes = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);
        const body = (async function* () {
          const step = damages[0]?.cut ?? 1;
          for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
        })();
        try {
          const reader = readItems(body, 'response/reply/result');
          let next = await reader.next();
          while (!next.done) next = await reader.next();
          resultOf(next.value, 'some.service');
        } catch (caught) {
          expect(isMediafluxError(caught)).toBe(true);
        }
      }),
      { numRuns: process.env['DISPATCH_TEST_LONG'] ? 50_000 : 2_000 },
    );
  });

  it('in the packet form ends in its document and content or a typed error', async () => {
    const whole = packetRequest(REPLY);
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: whole.length - 1 }),
        fc.nat({ max: 255 }),
        fc.nat({ max: whole.length }),
        async (at, byte, length) => {
          const bytes = Buffer.from(whole);
          bytes[at] = byte;
          const body = (async function* () {
            yield bytes.subarray(0, length);
          })();
          try {
            const { content } = await readPacketReply(body);
            if (content) for await (const part of content.body) expect(part.length).toBeGreaterThan(0);
          } catch (caught) {
            expect(isMediafluxError(caught)).toBe(true);
          }
        },
      ),
      { numRuns: process.env['DISPATCH_TEST_LONG'] ? 50_000 : 2_000 },
    );
  });
});

const error = (message: string, className = 'arc.mf.server.Services$ExServiceError', cause = ''): string =>
  `<response><reply type="error"><server><version>4.16.082</version></server><error>${className}</error><sclass>java.lang.Throwable</sclass><message>${message}</message><stack></stack>${cause}</reply></response>`;

describe('an error reply', () => {
  it.each([
    [error('session is not valid'), 'session-expired'],
    [error("call to service 'system.logon' failed: Authentication failure"), 'not-authenticated'],
    [
      error(
        "call to service 'asset.namespace.describe' failed: The namespace '/x' does not exist or is not accessible\nContext:\n secret",
      ),
      'not-found',
    ],
    [
      error(
        "call to service 'x' failed: y",
        undefined,
        '<cause><error>arc.mf.server.actor.ExNotAuthorized</error><message>no</message></cause>',
      ),
      'not-permitted',
    ],
    [
      error("call to service 'asset.create' failed: The namespace 4 already contains an asset named 'x'"),
      'already-exists',
    ],
    [error('XPath args/project-id is invalid'), 'invalid-arguments'],
    [error('The server is in maintenance mode'), 'busy'],
    [error('something else'), 'service-error'],
    [error("user 'd:u' (id=4) has not been granted ACCESS to service 'asset.query'"), 'not-permitted'],
    [error("user 'd:u' (id=4) not granted ADMINISTER to document:namespace 'NS:'"), 'not-permitted'],
    [error('No permission to access metadata for asset (id) 7'), 'not-permitted'],
    [error('x', 'arc.mf.modules.asset.Asset$ExNameExists'), 'already-exists'],
    [error("The document type 'T' does not contain an element 'E'"), 'invalid-arguments'],
    [error("The document type '' is not known"), 'invalid-arguments'],
    [error('XPath tigerdata:project/ProjectID is invalid: missing value'), 'invalid-arguments'],
    [error('Syntax error in query: x\nContext: y'), 'invalid-arguments'],
    [
      error("call to service 'asset.query.iterate' failed: The session does not have an iterator (id): 4"),
      'service-error',
    ],
    [error('There is not enough space left in the store'), 'store-full'],
    [error("The quota of the namespace '/x' is used up"), 'store-full'],
    ['<html></html>', 'malformed-reply'],
    ['<response><reply type="odd"></reply></response>', 'malformed-reply'],
  ])('%s is of its kind', (document, kind) => {
    try {
      resultOf(readXml(document), 'some.service');
    } catch (caught) {
      expect(isMediafluxError(caught) && caught.kind).toBe(kind);
      return;
    }
    throw new Error('It was taken for a result.');
  });

  it('is told without its context, which names arguments', () => {
    const message =
      "call to service 'service.execute' failed: error executing service [idx=0] asset.get: call to service 'asset.get' failed: It is gone\nContext:\n   :password \"x\"";
    expect(shortMessage(message)).toBe('It is gone');
  });
});
