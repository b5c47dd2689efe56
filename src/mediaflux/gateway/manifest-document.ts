// The metadata document on a manifest asset, by which uploads can be found in Mediaflux itself. Its names are ours:
// those of the existing workflow are not public (instrument-workflow 3.4).

import { xml, type XmlElement } from '../protocol/index.js';

export const MANIFEST_TYPE = 'dispatch:manifest';

/** What the manifest says of its upload. Instants in ISO 8601, sizes in bytes. */
export interface ManifestFacts {
  uploadId: string;
  folder: string;
  platform: string;
  shareableNumber: number | null;
  useNumber: number | null;
  keywords: readonly string[];
  nameSuffix: string | null;
  note: string | null;
  operator: string | null;
  recipients: readonly string[];
  startedAt: string;
  verifiedAt: string;
  youngestFileAt: string;
  files: number;
  bytes: number;
  client: { program: string | null; host: string | null; os: string | null };
}

const FIELDS: readonly [name: string, type: string, occurs: '1' | 'infinity'][] = [
  ['upload-id', 'string', '1'],
  ['folder', 'string', '1'],
  ['platform', 'string', '1'],
  ['shareable', 'integer', '1'],
  ['use', 'integer', '1'],
  ['keyword', 'string', 'infinity'],
  ['name', 'string', '1'],
  ['note', 'string', '1'],
  ['operator', 'string', '1'],
  ['recipient', 'string', 'infinity'],
  ['started', 'string', '1'],
  ['verified', 'string', '1'],
  ['youngest-file', 'string', '1'],
  ['files', 'long', '1'],
  ['bytes', 'long', '1'],
  ['client-program', 'string', '1'],
  ['client-host', 'string', '1'],
  ['client-os', 'string', '1'],
];

export const manifestDefinition = (): XmlElement[] =>
  FIELDS.map(([name, type, occurs]) =>
    xml('element', '', { name, type, 'min-occurs': 0, 'max-occurs': occurs, index: true }),
  );

export function manifestDocument(facts: ManifestFacts): XmlElement {
  const field = (name: string, value: string | number | null): XmlElement[] =>
    value === null ? [] : [xml(name, value)];
  // The prefix is declared with a URI equal to it, as clients and servers do (reference 1.2).
  return xml(
    MANIFEST_TYPE,
    [
      ...field('upload-id', facts.uploadId),
      ...field('folder', facts.folder),
      ...field('platform', facts.platform),
      ...field('shareable', facts.shareableNumber),
      ...field('use', facts.useNumber),
      ...facts.keywords.flatMap((keyword) => field('keyword', keyword)),
      ...field('name', facts.nameSuffix),
      ...field('note', facts.note),
      ...field('operator', facts.operator),
      ...facts.recipients.flatMap((recipient) => field('recipient', recipient)),
      ...field('started', facts.startedAt),
      ...field('verified', facts.verifiedAt),
      ...field('youngest-file', facts.youngestFileAt),
      ...field('files', facts.files),
      ...field('bytes', facts.bytes),
      ...field('client-program', facts.client.program),
      ...field('client-host', facts.client.host),
      ...field('client-os', facts.client.os),
    ],
    { 'xmlns:dispatch': 'dispatch' },
  );
}
