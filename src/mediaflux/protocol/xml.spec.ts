import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { writeXml, xml, type XmlElement } from './element.js';
import { readXml } from './xml-reader.js';

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

const leafName = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const tree = fc
  .tuple(leafName, fc.dictionary(leafName, text, { maxKeys: 3, noNullPrototype: true }), text, leafName, text)
  .map(([outer, attributes, value, inner, other]) =>
    xml(outer, [xml(inner, value, attributes), xml('b', other), xml('c', [xml('d', value)])]),
  );

/** The same with a reader that is always there. */
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
});
type Parsed = Record<string, unknown> & { ':@'?: Record<string, string>; '#text'?: string };
function plainOf(parsed: Parsed): unknown {
  const { ':@': attributes = {}, ...rest } = parsed;
  const [[name = '', children] = []] = Object.entries(rest) as [string, Parsed[]][];
  const parts = children ?? [];
  const texts = parts.map((part) => part['#text'] ?? '').join('');
  return [name, attributes, texts, parts.filter((part) => part['#text'] === undefined).map(plainOf)];
}

describe('what is written', () => {
  it('is read the same by a reader that the client does not use, for any legal text', () => {
    fc.assert(
      fc.property(tree, (element) => {
        const [root] = parser.parse(writeXml(element)) as Parsed[];
        expect(plainOf(root ?? {})).toEqual(plain(element));
      }),
      { numRuns: 1_000 },
    );
  });

  // Where it is missing, `npm test` names it among the parts that were not exercised.
  (hasPython ? it : it.skip)('is read the same by a reader that is not ours, for any legal text', () => {
    const elements = fc.sample(tree, 500);
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
