// XML elements as the protocol needs them, and the ways to look into them. Values stay text until a service's function
// says what they are.

export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  text: string;
  children: XmlElement[];
}

export type XmlContent = string | number | bigint | boolean | readonly XmlElement[];

/** Makes an element; anything but a list of elements is its text. Attributes that are undefined are left out. */
export function xml(
  name: string,
  content: XmlContent = '',
  attributes: Record<string, string | number | boolean | undefined> = {},
): XmlElement {
  const kept: Record<string, string> = {};
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) kept[key] = String(value);
  return typeof content === 'object'
    ? { name, attributes: kept, text: '', children: [...content] }
    : { name, attributes: kept, text: String(content), children: [] };
}

export const childNamed = (element: XmlElement, name: string): XmlElement | undefined =>
  element.children.find((child) => child.name === name);

export const childrenNamed = (element: XmlElement, name: string): XmlElement[] =>
  element.children.filter((child) => child.name === name);

/** Follows `path` of child names, as in `asset/content/size`. */
export function descendant(element: XmlElement, path: string): XmlElement | undefined {
  let at: XmlElement | undefined = element;
  for (const name of path.split('/')) at = at && childNamed(at, name);
  return at;
}

export const textAt = (element: XmlElement, path: string): string | undefined => descendant(element, path)?.text;

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
};
const entity = (character: string): string => ENTITIES[character] ?? character;

/** XML 1.0 has no way to write these. */
const ILLEGAL =
  // eslint-disable-next-line no-control-regex -- the characters that are looked for
  /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** A text holds a character that XML has no way to write. */
export class UnwritableText extends RangeError {}

/** The element in one line, escaped once. @throws UnwritableText */
export function writeXml(element: XmlElement): string {
  let attributes = '';
  for (const [name, value] of Object.entries(element.attributes))
    attributes += ` ${name}="${checked(value).replace(/[&<>"\r\n\t]/g, entity)}"`;
  let inner = checked(element.text).replace(/[&<>"\r]/g, entity);
  for (const child of element.children) inner += writeXml(child);
  return `<${element.name}${attributes}>${inner}</${element.name}>`;
}

function checked(text: string): string {
  if (ILLEGAL.test(text))
    throw new UnwritableText('A text holds a control character that Mediaflux cannot be told of.');
  return text;
}
