// Metadata documents and their types (reference 3.3).

import { ServiceFault } from '../faults.js';
import type { AssetRecord } from '../store/records.js';
import type { State } from '../store/state.js';
import { attributeOf, child, childrenOf, el, type Element, isTrue, textOf } from '../xml/element.js';
import { type Call, needed, type ServiceTable } from './service.js';

/** @throws ServiceFault a type that is not known, or an element that its definition does not name */
export function checkDocuments(state: State, documents: readonly Element[]): void {
  for (const document of documents) {
    const type = state.get('docType', document.name);
    if (!type) throw new ServiceFault(`The document type '${document.name}' is not known`);
    checkElements(document.name, type.definition, document);
  }
}

function checkElements(type: string, definition: Element, given: Element): void {
  const prefix = /^[^:]+:/.exec(type)?.[0] ?? '';
  for (const element of given.children) {
    // Old clients prefix every child of a document too (reference 1.2).
    const bare = prefix !== '' && element.name.startsWith(prefix) ? element.name.slice(prefix.length) : element.name;
    const known = childrenOf(definition, 'element').find((one) => one.attributes['name'] === bare);
    if (!known) throw new ServiceFault(`The document type '${type}' does not contain an element '${element.name}'`);
    checkElements(type, known, element);
  }
  for (const known of childrenOf(definition, 'element')) {
    const isNeeded = (known.attributes['min-occurs'] ?? '1') !== '0';
    const name = known.attributes['name'] ?? '';
    if (isNeeded && !given.children.some(({ name: found }) => found === name || found === prefix + name)) {
      throw new ServiceFault(`XPath ${type}/${name} is invalid: missing value`);
    }
  }
}

type Documents = AssetRecord['documents'];

/** `replace` swaps documents of the same type, `add` puts another beside it, `remove` takes it away, else fields merge. */
export function mergeDocuments(state: State, former: Documents, meta: Element): Documents {
  const action = attributeOf(meta, 'action')?.toLowerCase() ?? 'merge';
  let documents = [...former];
  for (const element of meta.children) {
    const standing = documents.find((document) => document.element.name === element.name);
    if (action === 'remove') documents = documents.filter((document) => document.element.name !== element.name);
    else if (action === 'add' || !standing) documents.push({ id: state.nextNumber(), element });
    else {
      const merged = action === 'replace' ? element : mergeFields(standing.element, element);
      documents = documents.map((document) => (document === standing ? { ...document, element: merged } : document));
    }
  }
  return documents;
}

function mergeFields(former: Element, given: Element): Element {
  const names = new Set(given.children.map((element) => element.name));
  return { ...former, children: [...former.children.filter((element) => !names.has(element.name)), ...given.children] };
}

function defineType(call: Call, isUpdate: boolean): Element[] {
  const name = needed(call, 'type');
  const { state } = call.world;
  const existing = state.get('docType', name);
  if (!isUpdate && existing) throw new ServiceFault(`The document type '${name}' already exists`);
  if (isUpdate && !existing && !isTrue(textOf(call.args, 'create')))
    throw new ServiceFault(`The document type '${name}' is not known`);
  state.commit(['docType', name, { name, definition: child(call.args, 'definition') ?? el('definition') }]);
  return [];
}

function defineNamespace(call: Call): Element[] {
  const name = needed(call, 'namespace');
  call.world.state.commit(['docNamespace', name, { name }]);
  return [];
}

export const documentServices: ServiceTable = {
  'asset.doc.namespace.create': { access: 'ADMINISTER', run: defineNamespace },
  'asset.doc.namespace.update': { access: 'ADMINISTER', run: defineNamespace },
  'asset.doc.type.create': { access: 'ADMINISTER', run: (call) => defineType(call, false) },
  'asset.doc.type.update': { access: 'ADMINISTER', run: (call) => defineType(call, true) },
  'asset.doc.type.describe': {
    access: 'ACCESS',
    run(call) {
      const wanted = textOf(call.args, 'type');
      const namespace = textOf(call.args, 'namespace');
      const types = [...call.world.state.all('docType')].filter(
        ({ name }) =>
          (wanted === undefined || name === wanted) && (namespace === undefined || name.startsWith(`${namespace}:`)),
      );
      if (wanted !== undefined && types.length === 0)
        throw new ServiceFault(`The document type '${wanted}' is not known`);
      return types.map((type) => el('type', [{ ...type.definition, name: 'definition' }], { name: type.name }));
    },
  },
};
