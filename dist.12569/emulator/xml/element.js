// XML as this emulator reads and writes it: elements with attributes, text and children, nothing else. Document type
// declarations are refused, so that no entity can be declared.
import { SaxesParser } from 'saxes';
export class XmlFault extends Error {
}
/** Makes an element; a string, number or boolean as content is its text. */ export function el(name, content = '', attributes = {}) {
    const kept = {};
    for (const [key, value] of Object.entries(attributes))if (value !== undefined) kept[key] = String(value);
    return typeof content === 'object' ? {
        name,
        attributes: kept,
        text: '',
        children: [
            ...content
        ]
    } : {
        name,
        attributes: kept,
        text: String(content),
        children: []
    };
}
const DEEPEST = 200;
/** @throws XmlFault not well-formed, deeper than 200 elements, or with a document type declaration */ export function parseXml(text) {
    const parser = new SaxesParser({
        xmlns: false,
        fragment: false
    });
    const stack = [];
    let root;
    let fault;
    parser.on('error', (error)=>{
        fault ??= error;
    });
    parser.on('doctype', ()=>{
        fault ??= new XmlFault('A document type declaration is not accepted.');
    });
    parser.on('opentag', (tag)=>{
        if (stack.length >= DEEPEST) fault ??= new XmlFault('The document is nested too deeply.');
        const element = {
            name: tag.name,
            attributes: {
                ...tag.attributes
            },
            text: '',
            children: []
        };
        stack.at(-1)?.children.push(element);
        root ??= element;
        stack.push(element);
    });
    const addText = (part)=>{
        const open = stack.at(-1);
        if (open) open.text += part;
    };
    parser.on('text', addText);
    parser.on('cdata', addText);
    parser.on('closetag', ()=>{
        const closed = stack.pop();
        // White space between child elements is layout.
        if (closed && closed.children.length > 0 && closed.text.trim() === '') closed.text = '';
    });
    parser.write(text).close();
    if (fault) throw new XmlFault(fault.message);
    if (!root) throw new XmlFault('The document holds no element.');
    return root;
}
const TEXT = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&#34;',
    '\r': '&#13;'
};
export const escapeXml = (text)=>// eslint-disable-next-line no-control-regex -- control characters cannot stand in XML 1.0
    text.replace(/[&<>"\r]/g, (found)=>TEXT[found] ?? found).replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '\ufffd');
const escapeAttribute = (text)=>escapeXml(text).replace(/\n/g, '&#10;').replace(/\t/g, '&#9;');
/** One line; an empty element is an open and close pair, as recorded replies have it (reference 1.4). */ export function writeXml(element) {
    let attributes = '';
    for (const [name, value] of Object.entries(element.attributes))attributes += ` ${name}="${escapeAttribute(value)}"`;
    let inner = escapeXml(element.text);
    for (const child of element.children)inner += writeXml(child);
    return `<${element.name}${attributes}>${inner}</${element.name}>`;
}
export const child = (element, name)=>element.children.find((candidate)=>candidate.name === name);
export const childrenOf = (element, name)=>element.children.filter((candidate)=>candidate.name === name);
/** Trimmed text of a child, or undefined when there is none. */ export const textOf = (element, name)=>child(element, name)?.text.trim();
/** `true`, `True`, `yes` and `1` are all in use by clients (reference 11). */ export const isTrue = (text)=>/^(true|yes|1)$/i.test(text?.trim() ?? '');
/** Text of a child as it stands, for names and paths, in which a space at either end matters. */ export const exactTextOf = (element, name)=>child(element, name)?.text;
/** An attribute whatever its case: some clients write names of attributes in capitals. */ export function attributeOf(element, name) {
    const exact = element.attributes[name];
    if (exact !== undefined) return exact;
    return Object.entries(element.attributes).find(([key])=>key.toLowerCase() === name)?.[1];
}

//# sourceMappingURL=element.js.map
