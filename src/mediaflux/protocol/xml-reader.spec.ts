import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { XmlElement } from './element.js';
import { resultOf } from './envelope.js';
import { MediafluxError } from './errors.js';
import { readItems, readXml, readXmlBytes, tellItems } from './xml-reader.js';

const REPLY =
  '<?xml version="1.0" encoding="UTF-8" ?>\n<response><reply type="result"><result><asset id="1"><n>größe</n></asset><asset id="2"><n>&#34;b&#34;</n></asset><iterated complete="true">2</iterated></result></reply></response>';

const body = async function* (bytes: Uint8Array, step: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
};

async function items(reply: string | Uint8Array, step = 64 * 1024): Promise<XmlElement[]> {
  const found: XmlElement[] = [];
  for await (const item of readItems(body(Buffer.from(reply), step), 'response/reply/result')) found.push(item);
  return found;
}

describe('a list', () => {
  it('comes item by item, however the bytes are cut', async () => {
    for (const step of [1, 3, 7, 1_000]) {
      const found = await items(REPLY, step);
      expect(found.map((item) => [item.name, item.attributes['id'], item.children[0]?.text ?? item.text])).toEqual([
        ['asset', '1', 'größe'],
        ['asset', '2', '"b"'],
        ['iterated', undefined, '2'],
      ]);
    }
  });

  it('is an error, and never half a result, when it was cut short anywhere', async () => {
    const bytes = Buffer.from(REPLY);
    for (let length = 0; length < bytes.length; length += 1)
      await expect(items(bytes.subarray(0, length), 16)).rejects.toMatchObject({
        name: 'MediafluxError',
        kind: 'malformed-reply',
      });
  });

  it('is bounded by item and not as a whole; text between items is not kept', async () => {
    const item = '<asset><n>1</n></asset>between';
    const many = 200_000;
    const reader = readItems(
      body(Buffer.from(`<response><reply><result>${item.repeat(many)}</result></reply></response>`), 1 << 20),
      'response/reply/result',
    );
    let count = 0;
    let next = await reader.next();
    for (; !next.done; next = await reader.next()) count += 1;
    expect(count).toBe(many);
    expect(JSON.stringify(next.value)).not.toContain('between');
  });
});

describe('a list that is all here', () => {
  const odd = [
    '<asset/>',
    '<asset id="1">x</asset>',
    '<asset id="1" id="2"><n>a</n></asset>',
    "<asset id='1'><n>a</n></asset>",
    '<asset><n a="1">b</n></asset>',
    '<asset><n>a&amp;b</n><m>&#34;</m></asset>',
    '<asset><n>a</m></asset>',
    '<asset><n>]]></n></asset>',
    '<asset><n>a\r\nb</n></asset>',
    '<asset><n>\u0001</n></asset>',
    '<asset><n>\ufffe</n></asset>',
    '<asset><n><m>deep</m></n></asset>',
    '<asset>between<n>a</n></asset>',
    '<asset ><n >a</n ></asset >',
    `<asset>${'<n>a</n>'.repeat(101)}</asset>`,
    'between',
    '<!-- <asset><n>a</n></asset> -->',
    '<![CDATA[<asset><n>a</n></asset>]]>',
    '</result><result>',
    '</result></reply><reply type="error"><result>',
    '<iterated complete="false">7</iterated>',
  ];
  const name = fc.constantFrom('n', 'content-size', 'größe', 'N');
  const text = fc.constantFrom('', 'a', 'größe', '\u{1f600}', ' b ', '"', "it's", '\u00a0', '{"c": 1}');
  const child = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(name, text).map(([of, held]) => `<${of}>${held}</${of}>`) },
    name.map((of) => `<${of}/>`),
  );
  const flat = fc
    .tuple(fc.nat(), fc.array(child, { maxLength: 4 }))
    .map(([id, children]) => `<asset id="${id}" version="1">${children.join('')}</asset>`);
  const pieces = fc.array(fc.oneof({ weight: 9, arbitrary: flat }, fc.constantFrom(...odd)), { maxLength: 12 });
  const beginning = fc.oneof(
    {
      weight: 9,
      arbitrary: fc.constant('<?xml version="1.0" encoding="UTF-8" ?>\n<response><reply type="result"><result>'),
    },
    fc.constantFrom(
      '',
      '<response><reply type="result"><result>',
      '<?xml version="1.0" encoding="UTF-8"?><response><reply type="result"><result>',
      '<?xml version="1.0" encoding="UTF-8"?><response><reply type="error"><result>',
      '<?xml version="1.0" encoding="UTF-8"?><response><reply type="result"><other>',
    ),
  );
  const end = fc.oneof(
    { weight: 9, arbitrary: fc.constant('</result></reply></response>') },
    fc.constantFrom('', '</result>', '</result></reply></response><more/>', '</result></reply></response>\n'),
  );

  const outcome = async (read: (take: (item: XmlElement) => void) => Promise<XmlElement>) => {
    const found: XmlElement[] = [];
    try {
      const root = await read((item) => found.push(item));
      return { found, root };
    } catch (caught) {
      expect(caught).toBeInstanceOf(MediafluxError);
      return { error: (caught as MediafluxError).kind };
    }
  };

  it('is read as one that comes in parts, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(beginning, pieces, end, async (first, between, last) => {
        const bytes = Buffer.from(first + between.join('') + last);
        const inParts = await outcome(async (take) => {
          const reader = readItems(body(bytes, 1_000), 'response/reply/result');
          let next = await reader.next();
          for (; !next.done; next = await reader.next()) take(next.value);
          return next.value;
        });
        expect(await outcome((take) => tellItems(bytes, take))).toEqual(inParts);
      }),
      { numRuns: process.env['DISPATCH_TEST_LONG'] ? 20_000 : 1_000 },
    );
  });

  it('is refused where it is no UTF-8, ends with what its reader throws and with a signal, and is none without a result', async () => {
    const list = Buffer.from(REPLY);
    const ignore = () => undefined;
    await expect(tellItems(Buffer.concat([list, Buffer.from([0xc3])]), ignore)).rejects.toThrow('UTF-8');
    const enough = () => {
      throw new Error('enough');
    };
    await expect(tellItems(list, enough)).rejects.toThrow('enough');
    await expect(tellItems(list, ignore, AbortSignal.abort(new Error('left')))).rejects.toThrow('left');
    const none = await tellItems(Buffer.from('<asset id="1"><n>a</n></asset>'), enough);
    expect([none.name, none.children]).toEqual(['asset', [{ name: 'n', attributes: {}, text: 'a', children: [] }]]);
  });

  it('is bounded as one that comes in parts', async () => {
    const list = (item: string) =>
      Buffer.from(
        `<?xml version="1.0" encoding="UTF-8"?><response><reply type="result"><result>${item}</result></reply></response>`,
      );
    const text = 'x'.repeat(33 * 1024 * 1024);
    const refused = tellItems(list(`<asset><n>${text}</n></asset>`), () => undefined);
    await expect(refused).rejects.toMatchObject({ kind: 'malformed-reply' });
    const name = `a${'-a'.repeat(4 * 1024 * 1024)}`;
    const names: (string | undefined)[] = [];
    await tellItems(list(`<asset><${name}>a</${name}></asset>`), (item) => names.push(item.children[0]?.name));
    expect(names).toEqual([name]);
  });

  it('lets others have their turn while it is long', async () => {
    const item = '<asset id="1"><n>a</n></asset>';
    for (const between of ['', ' ']) {
      const many = `<?xml version="1.0" encoding="UTF-8"?><response><reply type="result"><result>${between}${item.repeat(20_000)}</result></reply></response>`;
      let turns = 0;
      let isOver = false;
      const count = (): void => {
        turns += 1;
        if (!isOver) setImmediate(count);
      };
      setImmediate(count);
      let items = 0;
      await tellItems(Buffer.from(many), () => (items += 1));
      isOver = true;
      expect(items).toBe(20_000);
      expect(turns).toBeGreaterThan(7);
    }
  });
});

describe('what is refused, by name', () => {
  const LARGE = 33 * 1024 * 1024;

  it.each([
    ['a document type', '<!DOCTYPE a><a/>', 'document type'],
    ['an entity of its own', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', 'document type'],
    ['an entity that XML does not know', '<a>&unknown;</a>', 'entity'],
    ['an end that does not match', '<a><b></a>', 'unexpected close tag'],
    ['a second root', '<a/><b/>', ''],
    ['a character that XML cannot hold', '<a>\u0001</a>', ''],
    ['a reference to no character', '<a>&#x110000;</a>', ''],
    ['a depth beyond a hundred', `${'<a>'.repeat(101)}${'</a>'.repeat(101)}`, 'nested too deeply'],
    ['no element', 'nothing', ''],
    ['an empty answer', '', 'root element'],
    ['a text that is too large', `<a>${'x'.repeat(LARGE)}</a>`, 'larger than'],
    ['a name that is too large', `<${'x'.repeat(LARGE)}/>`, 'larger than'],
    ['more elements than are read', `<a>${'<b/>'.repeat(250_001)}</a>`, 'more elements'],
    ['more attributes than are read', `<a>${'<b c="1"/>'.repeat(125_001)}</a>`, 'more elements'],
  ])('%s', async (_, document, why) => {
    for (const step of [64 * 1024, document.length + 1]) {
      const read = (async () => {
        const reader = readItems(body(Buffer.from(document), step), undefined);
        while (!(await reader.next()).done);
      })();
      await expect(read).rejects.toMatchObject({ name: 'MediafluxError', kind: 'malformed-reply' });
      await expect(read).rejects.toThrow(why);
    }
  });

  it('bytes that are no UTF-8, also at the very end', async () => {
    for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80]])
      await expect(items(Buffer.concat([Buffer.from('<a>'), Buffer.from(bytes), Buffer.from('</a>')]))).rejects.toThrow(
        'UTF-8',
      );
    const cutShort = Buffer.concat([Buffer.from('<a/>'), Buffer.from([0xc3])]);
    await expect(items(cutShort)).rejects.toThrow('UTF-8');
    expect(() => readXmlBytes(cutShort)).toThrow('UTF-8');
  });

  it('has a twin that is taken', () => {
    expect(readXml(`${'<a>'.repeat(100)}${'</a>'.repeat(100)}`).name).toBe('a');
    expect(readXml(`<a>${'<b/>'.repeat(200_000)}</a>`).children).toHaveLength(200_000);
    expect(readXml(`<a>${'x'.repeat(1_000_000)}</a>`).text).toHaveLength(1_000_000);
  });
});

it('CDATA is text, comments and instructions are nothing', () => {
  expect(readXml('<a>1<![CDATA[<b>&amp;]]><!-- c --><?d e?>2</a>')).toEqual({
    name: 'a',
    attributes: {},
    text: '1<b>&amp;2',
    children: [],
  });
});

describe('a damaged reply', () => {
  const damage = fc.record({
    at: fc.nat({ max: REPLY.length - 1 }),
    remove: fc.nat({ max: 20 }),
    insert: fc.uint8Array({ maxLength: 6 }),
    step: fc.integer({ min: 1, max: 64 }),
  });
  const numRuns = process.env['DISPATCH_TEST_LONG'] ? 50_000 : 2_000;

  it('ends in a result or a typed error, never otherwise', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 4 }), async (damages) => {
        let bytes = Buffer.from(REPLY);
        for (const { at, remove, insert } of damages)
          bytes = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);
        try {
          const reader = readItems(body(bytes, damages[0]?.step ?? 1), 'response/reply/result');
          let next = await reader.next();
          while (!next.done) next = await reader.next();
          resultOf(next.value, 'some.service');
        } catch (caught) {
          expect(caught).toBeInstanceOf(MediafluxError);
        }
      }),
      { numRuns },
    );
  });
});
