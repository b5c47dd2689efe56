// The metadata documents on a manifest asset, by which uploads can be found in Mediaflux itself: `dispatch:manifest` says
// what was true when the upload was verified and never changes; `dispatch:deliveries` is written again when deliveries do.
// The names are ours: those of the existing workflow are not public (instrument-workflow 3.4). Field by field in
// docs/manifest-asset.md.

import { xml, type XmlElement } from '../protocol/index.js';

export const MANIFEST_TYPE = 'dispatch:manifest';
export const DELIVERIES_TYPE = 'dispatch:deliveries';

/** What the manifest says of its upload. Instants in ISO 8601, sizes in bytes. */
export interface ManifestFacts {
  uploadId: string;
  project: string;
  /** The transactional folder, in which the asset lies. */
  folder: string;
  /** Full path of the namespace that holds the data. */
  dataNamespace: string;
  platform: string;
  platformSuffix: string | null;
  /** In which the date and time of the folder's name are. */
  timeZone: string;
  shareable: { id: string | null; number: number | null; label: string | null; use: number | null };
  keywords: readonly string[];
  nameSuffix: string | null;
  note: string | null;
  operator: string | null;
  recipients: readonly string[];
  linkLifetime: string;
  startedAt: string;
  verifiedAt: string;
  youngestFileAt: string;
  files: number;
  bytes: number;
  client: { program: string | null; host: string | null; os: string | null; clockSkewSeconds: number | null };
}

/** One delivery as it stands. Instants in ISO 8601; null: not so far. */
export interface DeliveryFacts {
  recipient: string;
  /** When its mail was handed over. */
  sentAt: string | null;
  expiresAt: string | null;
  revokedAt: string | null;
  /** Since when the data are no longer where they were. */
  goneAt: string | null;
  /** Since when its recipient has used a way that counts, also by another link of the same upload. */
  accessedAt: string | null;
  /** For each method the first use that counts. */
  accesses: readonly { method: string; at: string }[];
}

type Field = readonly [name: string, type: 'string' | 'integer' | 'long', occurs: '1' | 'infinity'];

const MANIFEST_FIELDS: readonly Field[] = [
  ['upload-id', 'string', '1'],
  ['project', 'string', '1'],
  ['folder', 'string', '1'],
  ['data-namespace', 'string', '1'],
  ['platform', 'string', '1'],
  ['platform-suffix', 'string', '1'],
  ['time-zone', 'string', '1'],
  ['shareable', 'integer', '1'],
  ['shareable-id', 'string', '1'],
  ['shareable-label', 'string', '1'],
  ['use', 'integer', '1'],
  ['keyword', 'string', 'infinity'],
  ['name', 'string', '1'],
  ['note', 'string', '1'],
  ['operator', 'string', '1'],
  ['recipient', 'string', 'infinity'],
  ['link-lifetime', 'string', '1'],
  ['started', 'string', '1'],
  ['verified', 'string', '1'],
  ['youngest-file', 'string', '1'],
  ['files', 'long', '1'],
  ['bytes', 'long', '1'],
  ['client-program', 'string', '1'],
  ['client-host', 'string', '1'],
  ['client-os', 'string', '1'],
  ['client-clock-skew', 'long', '1'],
];

const DELIVERY_FIELDS: readonly Field[] = [
  ['recipient', 'string', '1'],
  ['sent', 'string', '1'],
  ['expires', 'string', '1'],
  ['revoked', 'string', '1'],
  ['gone', 'string', '1'],
  ['accessed', 'string', '1'],
];

const ACCESS_FIELDS: readonly Field[] = [
  ['method', 'string', '1'],
  ['at', 'string', '1'],
];

const definitionOf = (fields: readonly Field[]): XmlElement[] =>
  fields.map(([name, type, occurs]) =>
    xml('element', '', { name, type, 'min-occurs': 0, 'max-occurs': occurs, index: true }),
  );

const many = (name: string, children: XmlElement[]): XmlElement =>
  xml('element', children, { name, type: 'document', 'min-occurs': 0, 'max-occurs': 'infinity' });

export const manifestDefinition = (): XmlElement[] => definitionOf(MANIFEST_FIELDS);

export const deliveriesDefinition = (): XmlElement[] => [
  ...definitionOf([['as-of', 'string', '1']]),
  many('delivery', [...definitionOf(DELIVERY_FIELDS), many('access', definitionOf(ACCESS_FIELDS))]),
];

const field = (name: string, value: string | number | null): XmlElement[] => (value === null ? [] : [xml(name, value)]);

// The prefix is declared with a URI equal to it, as clients and servers do (reference 1.2).
const documentOf = (type: string, children: XmlElement[]): XmlElement =>
  xml(type, children, { 'xmlns:dispatch': 'dispatch' });

export const manifestDocument = (facts: ManifestFacts): XmlElement =>
  documentOf(MANIFEST_TYPE, [
    ...field('upload-id', facts.uploadId),
    ...field('project', facts.project),
    ...field('folder', facts.folder),
    ...field('data-namespace', facts.dataNamespace),
    ...field('platform', facts.platform),
    ...field('platform-suffix', facts.platformSuffix),
    ...field('time-zone', facts.timeZone),
    ...field('shareable', facts.shareable.number),
    ...field('shareable-id', facts.shareable.id),
    ...field('shareable-label', facts.shareable.label),
    ...field('use', facts.shareable.use),
    ...facts.keywords.flatMap((keyword) => field('keyword', keyword)),
    ...field('name', facts.nameSuffix),
    ...field('note', facts.note),
    ...field('operator', facts.operator),
    ...facts.recipients.flatMap((recipient) => field('recipient', recipient)),
    ...field('link-lifetime', facts.linkLifetime),
    ...field('started', facts.startedAt),
    ...field('verified', facts.verifiedAt),
    ...field('youngest-file', facts.youngestFileAt),
    ...field('files', facts.files),
    ...field('bytes', facts.bytes),
    ...field('client-program', facts.client.program),
    ...field('client-host', facts.client.host),
    ...field('client-os', facts.client.os),
    ...field('client-clock-skew', facts.client.clockSkewSeconds),
  ]);

/** @param asOf when it was so */
export const deliveriesDocument = (asOf: string, deliveries: readonly DeliveryFacts[]): XmlElement =>
  documentOf(DELIVERIES_TYPE, [
    ...field('as-of', asOf),
    ...deliveries.map((delivery) =>
      xml('delivery', [
        ...field('recipient', delivery.recipient),
        ...field('sent', delivery.sentAt),
        ...field('expires', delivery.expiresAt),
        ...field('revoked', delivery.revokedAt),
        ...field('gone', delivery.goneAt),
        ...field('accessed', delivery.accessedAt),
        ...delivery.accesses.map(({ method, at }) => xml('access', [...field('method', method), ...field('at', at)])),
      ]),
    ),
  ]);
