// Long lists, of which most items have one form: attributes, and children that hold text and nothing else. Reading those by
// their form takes a third of what a reader of all XML takes; anything else is left to that reader.

import type { XmlElement } from './element.js';

/** How a result begins (reference 1.4). Its items are the children of `response/reply/result`. */
const BEGINNING = /^<\?xml version="1\.0" encoding="UTF-8" ?\?>\n?<response><reply type="result"><result>/;
const NAME = '[a-z]+(?:-[a-z]+){0,8}';
/** Longer ones are left to the reader, which bounds what it reads. */
const LONGEST_ITEM_CHARACTERS = 1024 * 1024;
/** Without characters that mean something else, or that XML may not hold. */
const TEXT = '[^&<>"\\x00-\\x1f\\x7f-\\x9f\\ufffe\\uffff]*';
/** Its name, its attributes, its children. */
const ITEM = new RegExp(
  `<(${NAME})((?: ${NAME}="${TEXT}"){0,20})>((?:<${NAME}/>|<(${NAME})>${TEXT}</\\4>){1,100})</\\1>`,
  'y',
);

export class FlatItems {
  /** What comes before the first item; undefined: this is no result. */
  readonly beginning: string | undefined;
  /** Where the next item begins, or what is no flat item. */
  at: number;

  constructor(private readonly text: string) {
    this.beginning = BEGINNING.exec(text)?.[0];
    this.at = this.beginning?.length ?? 0;
  }

  /** Undefined: what comes now is something else. */
  next(): XmlElement | undefined {
    if (this.beginning === undefined) return undefined;
    ITEM.lastIndex = this.at;
    const [whole, name = '', attributes = '', children = ''] = ITEM.exec(this.text) ?? [];
    if (whole === undefined || whole.length > LONGEST_ITEM_CHARACTERS) return undefined;
    const named = attributesOf(attributes);
    if (!named) return undefined;
    this.at += whole.length;
    return { name, attributes: named, text: '', children: childrenOf(children) };
  }
}

/** Of ` id="7" version="1"`. Undefined: one is there twice, which XML forbids. */
function attributesOf(text: string): Record<string, string> | undefined {
  const attributes: Record<string, string> = {};
  for (let at = 1; at < text.length;) {
    const equals = text.indexOf('=', at);
    const end = text.indexOf('"', equals + 2);
    const name = text.slice(at, equals);
    if (Object.hasOwn(attributes, name)) return undefined;
    attributes[name] = text.slice(equals + 2, end);
    at = end + 2;
  }
  return attributes;
}

/** Of `<name>a</name><size/>`. */
function childrenOf(text: string): XmlElement[] {
  const children: XmlElement[] = [];
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('>', at);
    const isEmpty = text[end - 1] === '/';
    const name = text.slice(at + 1, isEmpty ? end - 1 : end);
    const textEnd = isEmpty ? end + 1 : text.indexOf('<', end);
    children.push({ name, attributes: {}, text: text.slice(end + 1, textEnd), children: [] });
    at = isEmpty ? textEnd : textEnd + name.length + 3;
  }
  return children;
}
