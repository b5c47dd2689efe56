// Reads XML as it streams in, with bounds on depth and size, without document types and so without entities of
// anybody's making. Items of a long list are handed out one by one and never kept.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { SaxesParser } from 'saxes';
import type { XmlElement } from './element.js';
import { MediafluxError, shortened } from './errors.js';
import { FlatItems } from './flat-items.js';

const DEEPEST = 100;
/** One item of a list, or a whole small reply. */
const LARGEST_ITEM_CHARACTERS = 32 * 1024 * 1024;
/** Elements and attributes of one. Each costs some hundred bytes, so that this, and not the text, is what fills memory. */
const MOST_NODES = 250_000;
/** The parser names what it stumbled on, whatever its length. */
const LONGEST_REASON = 200;

/**
 * Yields the children of the elements at `itemsAt` (names from the root, as in `response/reply/result`; undefined: none) as they come;
 * the return value is the rest of the document.
 * @throws MediafluxError malformed-reply: not well-formed, cut short, too deep or too large
 */
export async function* readItems(
  body: AsyncIterable<Uint8Array>,
  itemsAt: string | undefined,
): AsyncGenerator<XmlElement, XmlElement, undefined> {
  const reader = new ItemReader(itemsAt);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of body) {
    reader.write(decoded(decoder, chunk));
    if (reader.ready.length > 0) yield* reader.take();
  }
  reader.write(decoded(decoder));
  const root = reader.close();
  yield* reader.take();
  return root;
}

/** Others get their turn before each so much. */
const PART_CHARACTERS = 64 * 1024;

/**
 * The children of `response/reply/result` in an answer that is here, each told to `take`. Answers the rest of the document.
 * @throws MediafluxError as `readItems`; the reason of the signal; what `take` throws
 */
export async function tellItems(
  body: Uint8Array,
  take: (item: XmlElement) => void,
  signal?: AbortSignal,
): Promise<XmlElement> {
  const text = decoded(new TextDecoder('utf-8', { fatal: true }), body, true);
  const turn = async () => {
    await nextTurn();
    signal?.throwIfAborted();
  };
  await turn();
  const flat = new FlatItems(text);
  let turnAt = PART_CHARACTERS;
  for (let item = flat.next(); item; item = flat.next()) {
    take(item);
    if (flat.at < turnAt) continue;
    await turn();
    turnAt = flat.at + PART_CHARACTERS;
  }
  const reader = new ItemReader('response/reply/result');
  if (flat.beginning !== undefined) reader.write(flat.beginning);
  for (let { at } = flat; at < text.length; at += PART_CHARACTERS) {
    reader.write(text.slice(at, at + PART_CHARACTERS));
    for (const item of reader.take()) take(item);
    await turn();
  }
  const root = reader.close();
  for (const item of reader.take()) take(item);
  return root;
}

/** A byte that is no UTF-8 is refused: a name with a character put in its place would be another name. */
function decoded(decoder: TextDecoder, chunk?: Uint8Array, isLast = chunk === undefined): string {
  try {
    return decoder.decode(chunk, { stream: !isLast });
  } catch {
    throw malformed('it is not in UTF-8');
  }
}

/** The whole of a small document. @throws MediafluxError malformed-reply */
export function readXml(text: string): XmlElement {
  const reader = new ItemReader(undefined);
  reader.write(text);
  return reader.close();
}

/** The same of its bytes. */
export const readXmlBytes = (bytes: Uint8Array): XmlElement =>
  readXml(decoded(new TextDecoder('utf-8', { fatal: true }), bytes, true));

class ItemReader {
  ready: XmlElement[] = [];
  private readonly parser = new SaxesParser({ xmlns: false, position: false });
  private readonly stack: XmlElement[] = [];
  private root: XmlElement | undefined;
  private characters = 0;
  private nodes = 0;
  private fault: string | undefined;

  private readonly listPath: string[] | undefined;

  constructor(itemsAt: string | undefined) {
    this.listPath = itemsAt?.split('/');
    this.parser.on('error', (error) => {
      this.fault ??= shortened(error.message.replace(/^\d+:\d+: |\.$/g, ''), LONGEST_REASON);
    });
    this.parser.on('doctype', () => {
      this.fault ??= 'it declares a document type';
    });
    this.parser.on('attribute', () => this.count());
    this.parser.on('opentag', (tag) => this.open(tag.name, tag.attributes as Record<string, string>));
    this.parser.on('text', (text) => this.addText(text));
    this.parser.on('cdata', (text) => this.addText(text));
    this.parser.on('closetag', () => this.shut());
  }

  write(text: string): void {
    this.characters += text.length;
    if (this.characters > LARGEST_ITEM_CHARACTERS) this.fault ??= 'one part of it is larger than this program reads';
    this.parse(() => this.parser.write(text));
  }

  close(): XmlElement {
    this.parse(() => this.parser.close());
    if (!this.root) throw malformed('it holds no element');
    return this.root;
  }

  take(): XmlElement[] {
    const items = this.ready;
    this.ready = [];
    return items;
  }

  private parse(step: () => void): void {
    try {
      step();
    } catch (error) {
      // As for a text beyond what a string can hold.
      if (!(error instanceof RangeError)) throw error;
      this.fault ??= 'one part of it is larger than this program reads';
    }
    this.check();
  }

  private count(): void {
    this.nodes += 1;
    if (this.nodes > MOST_NODES) this.fault ??= 'one part of it has more elements than this program reads';
    this.check();
  }

  private open(name: string, attributes: Record<string, string>): void {
    if (this.stack.length >= DEEPEST) this.fault ??= 'it is nested too deeply';
    this.count();
    const element: XmlElement = { name, attributes, text: '', children: [] };
    const parent = this.stack[this.stack.length - 1];
    if (parent && !this.isItemList()) parent.children.push(element);
    this.root ??= element;
    this.stack.push(element);
  }

  /** Text of a list itself, between its items, means nothing and is not kept. */
  private addText(text: string): void {
    const open = this.stack[this.stack.length - 1];
    if (open && !this.isItemList()) open.text += text;
  }

  private shut(): void {
    const element = this.stack.pop();
    if (!element) return;
    if (element.children.length > 0 && element.text.trim() === '') element.text = '';
    if (this.isItemList()) {
      this.ready.push(element);
      this.characters = 0;
      this.nodes = 0;
    }
  }

  /** Is the innermost open element the list whose children are handed out? */
  private isItemList(): boolean {
    const path = this.listPath;
    if (path?.length !== this.stack.length) return false;
    return this.stack.every((element, depth) => element.name === path[depth]);
  }

  private check(): void {
    if (this.fault !== undefined) throw malformed(this.fault);
  }
}

const malformed = (why: string) =>
  new MediafluxError('malformed-reply', `The answer of Mediaflux cannot be read: ${why}.`);
