// Assumptions about contents, queries, documents and dates.

import { IANAZone } from 'luxon';
import {
  DELIVERIES_TYPE,
  deliveriesDefinition,
  deliveriesDocument,
  MANIFEST_TYPE,
  manifestDefinition,
} from '../gateway/manifest-document.js';
import { crc32, crc32FromMediaflux, crc32Text, isMediafluxError, textAt, xml } from '../protocol/index.js';
import {
  createNamespace,
  defineDocumentType,
  describeNamespace,
  describeSelf,
  openContent,
  putFile,
  queryCount,
  queryLargest,
  queryValues,
  quoted,
  replaceDocument,
  statFile,
  storeOfNamespace,
  uploadFile,
  uploadInPieces,
  writeDocumentAsset,
} from '../services/index.js';
import { type Assumption, isAllowed } from './assumption.js';
import { mustHold, textContent } from './site.js';

export const DATA_ASSUMPTIONS: readonly Assumption[] = [
  {
    number: 5,
    sentence: 'A date in an argument is in the zone that a namespace’s description tells.',
    async check(site) {
      const role = await site.role();
      const soon = await site.token([{ type: 'role', name: role }], 10);
      mustHold(
        await isAllowed(describeSelf(site.as(soon.token))),
        'a token that ends in ten minutes has ended already',
      );
      const gone = await site.token([{ type: 'role', name: role }], -10).catch((error: unknown) => {
        if (isMediafluxError(error)) return undefined;
        throw error;
      });
      mustHold(
        gone === undefined || !(await isAllowed(describeSelf(site.as(gone.token)))),
        'a token that ended ten minutes ago still works',
      );
    },
  },
  {
    number: 7,
    sentence:
      '`asset.set` on a path with `create` takes content; an `asset.get`, in the same call or later, tells size and CRC-32.',
    async check(site) {
      const path = `${await site.namespace()}/größe & co.txt`;
      const text = 'first';
      const held = await uploadFile(site.session, path, textContent('a.txt', text));
      mustHold(held.size === text.length, `the size is told as ${held.size ?? 'nothing'}`);
      mustHold(
        held.crc32 === crc32Text(crc32(Buffer.from(text))),
        `the checksum is told as ${held.crc32 ?? 'nothing'}`,
      );
      const again = await uploadFile(site.session, path, textContent('a.txt', 'second!'));
      mustHold(again.assetId === held.assetId, 'a second content made another asset');
      await putFile(site.session, path, textContent('a.txt', 'the third'));
      const third = await statFile(site.session, path);
      mustHold(third?.size === 9, `after a content without a question the size is told as ${third?.size ?? 'nothing'}`);
    },
  },
  {
    number: 8,
    sentence:
      'Queries find a namespace and all below it, count it, tell its newest change, and list it through an iterator.',
    async check(site) {
      const namespace = await site.namespace();
      await createNamespace(site.session, `${namespace}/deep`);
      for (const path of ['a', 'deep/b', 'deep/c'])
        await uploadFile(site.session, `${namespace}/${path}`, textContent('x', path));
      const where = `namespace>=${quoted(namespace)}`;
      const count = await queryCount(site.session, where);
      mustHold(count === 3, `it counts ${count} of 3 assets`);
      const newest = await queryLargest(site.session, where, 'stime');
      mustHold(newest !== undefined, 'no newest change is told');
      const names = [];
      for await (const asset of queryValues(site.session, where, { name: 'name', size: 'content/size' }))
        names.push(textAt(asset, 'name'));
      mustHold(names.sort().join() === 'a,b,c', `it lists ${names.join(', ')}`);
      await uploadFile(site.session, `${namespace}/a`, textContent('x', 'changed'));
      mustHold((await queryLargest(site.session, where, 'stime')) !== newest, 'a changed content is no newer change');
    },
  },
  {
    number: 10,
    sentence: 'A document `dispatch:project` can be asked for in queries.',
    async check(site) {
      await queryCount(
        site.session,
        `namespace=${quoted(site.scratch)} and xpath(dispatch:project/contact/email) has value`,
      );
    },
  },
  {
    number: 11,
    sentence: 'The account may define the document type `dispatch:manifest` and set it on an asset.',
    async check(site) {
      const path = `${await site.namespace()}/manifest`;
      await defineDocumentType(
        site.session,
        MANIFEST_TYPE,
        'Manifest of an upload by the dispatch service',
        manifestDefinition(),
      );
      const document = xml(MANIFEST_TYPE, [xml('upload-id', 'check')], { 'xmlns:dispatch': 'dispatch' });
      await site.session.execute(
        [{ service: 'asset.set', args: [xml('id', `path=${path}`), xml('create', true), xml('meta', [document])] }],
        textContent('m', '{}'),
      );
      const found = await queryCount(
        site.session,
        `namespace=${quoted(path.slice(0, path.lastIndexOf('/')))} and xpath(${MANIFEST_TYPE}/upload-id)='check'`,
      );
      mustHold(found === 1, 'the manifest is not found by its document');
    },
  },
  {
    number: 27,
    sentence:
      'The account may define the document type `dispatch:deliveries`, and setting it on an asset leaves content and other documents as they are.',
    async check(site) {
      const namespace = await site.namespace();
      await defineDocumentType(site.session, MANIFEST_TYPE, 'Manifest of an upload', manifestDefinition());
      await defineDocumentType(site.session, DELIVERIES_TYPE, 'Deliveries of an upload', deliveriesDefinition());
      const manifest = xml(MANIFEST_TYPE, [xml('upload-id', 'check')], { 'xmlns:dispatch': 'dispatch' });
      const path = `${namespace}/manifest`;
      const id = await writeDocumentAsset(site.session, path, 'text/plain', manifest, textContent('m', '{}'));
      for (const asOf of ['1', '2']) await replaceDocument(site.session, id, deliveriesDocument(asOf, []));
      const found = await queryCount(
        site.session,
        `namespace=${quoted(namespace)} and xpath(${MANIFEST_TYPE}/upload-id)='check' and xpath(${DELIVERIES_TYPE}/as-of)='2'`,
      );
      mustHold(found === 1, 'the asset is not found by both documents');
      mustHold((await statFile(site.session, path))?.size === 2, 'its content is another');
    },
  },
  {
    number: 13,
    sentence: '`asset.content.get` with an offset brings the rest of a content in the packet form.',
    async check(site) {
      const path = `${await site.namespace()}/a.txt`;
      const held = await uploadFile(site.session, path, textContent('a', '0123456789'));
      const parts = [];
      for await (const part of await openContent(site.session, held, { offset: 4 })) parts.push(part);
      const rest = Buffer.concat(parts).toString();
      mustHold(rest === '456789', `it brings '${rest.slice(0, 40)}'`);
    },
  },
  {
    number: 14,
    sentence: 'A content goes up in pieces through an IO ticket, and becomes an asset with the checksum of the whole.',
    async check(site) {
      const namespace = await site.namespace();
      const store = await storeOfNamespace(site.session, namespace);
      mustHold(store !== undefined, 'the description of a namespace names no store');
      const bytes = Buffer.from('a content in three pieces');
      const held = await uploadInPieces(
        site.session,
        `${namespace}/pieces`,
        { name: 'p', size: bytes.length, read: (from, length) => [bytes.subarray(from, from + length)] },
        { store, pieceBytes: 10 },
      );
      mustHold(held.size === bytes.length && held.crc32 === crc32Text(crc32(bytes)), 'the asset is not the content');
    },
  },
  {
    number: 20,
    sentence: 'Dates tell their zone by a name of the IANA’s list.',
    async check(site) {
      const zone = (await describeNamespace(site.session, site.scratch))?.zone;
      mustHold(zone?.name !== undefined, 'no name is told');
      mustHold(IANAZone.isValidZone(zone.name), `the name is '${zone.name}'`);
    },
  },
  {
    number: 23,
    sentence: '`content/csum` is the checksum in hexadecimal.',
    async check(site) {
      const path = `${await site.namespace()}/a.txt`;
      await uploadFile(site.session, path, textContent('a', 'first'));
      const args = [xml('id', `path=${path}`), xml('xpath', 'content/csum', { ename: 'csum' })];
      const told = textAt(await site.session.call('asset.get', args), 'asset/csum') ?? 'nothing';
      mustHold(crc32FromMediaflux(told) === crc32Text(crc32(Buffer.from('first'))), `it is told as ${told}`);
    },
  },
  {
    number: 25,
    sentence: 'In a query, a quote and a backslash are written with a backslash before them.',
    async check(site) {
      const namespace = await site.namespace();
      for (const name of ["it's", 'a\\b', 'ab'])
        await uploadFile(site.session, `${namespace}/${name}`, textContent('x', name));
      for (const name of ["it's", 'a\\b']) {
        const found = await queryCount(site.session, `namespace=${quoted(namespace)} and name=${quoted(name)}`);
        mustHold(found === 1, `${found} assets are found by the name ${name}`);
      }
    },
  },
];
