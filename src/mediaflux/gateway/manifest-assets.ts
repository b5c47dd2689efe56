// Manifest assets: one beside the data of each upload, found by queries of their documents.

import type { ContentSource, XmlElement } from '../protocol/index.js';
import { defineDocumentType, replaceDocument, writeDocumentAsset } from '../services/index.js';
import type { MediafluxSession } from '../session/index.js';
import { DELIVERIES_TYPE, deliveriesDefinition, MANIFEST_TYPE, manifestDefinition } from './manifest-document.js';

const TYPES = {
  [MANIFEST_TYPE]: { description: 'Manifest of an upload by the dispatch service', definition: manifestDefinition },
  [DELIVERIES_TYPE]: {
    description: 'Whom an upload was dispatched to by the dispatch service, and who has fetched it',
    definition: deliveriesDefinition,
  },
};

export class ManifestAssets {
  private readonly defined = new Map<keyof typeof TYPES, Promise<void>>();

  constructor(private readonly session: MediafluxSession) {}

  /** Writes the asset into the upload's folder; again it makes a new version of the same. Answers its id. @throws MediafluxError */
  async write(
    folderNamespace: string,
    document: XmlElement,
    content: ContentSource,
    signal?: AbortSignal,
  ): Promise<string> {
    await this.define(MANIFEST_TYPE);
    const path = `${folderNamespace}/${content.name}`;
    return writeDocumentAsset(this.session, path, 'application/x-ndjson', document, content, signal);
  }

  /** Its deliveries as they stand, in place of what it said before. False: the asset is gone. @throws MediafluxError */
  async setDeliveries(assetId: string, document: XmlElement): Promise<boolean> {
    await this.define(DELIVERIES_TYPE);
    return replaceDocument(this.session, assetId, document);
  }

  /** Once for this process; again when it failed. */
  private async define(type: keyof typeof TYPES): Promise<void> {
    let defining = this.defined.get(type);
    if (!defining) {
      const { description, definition } = TYPES[type];
      defining = defineDocumentType(this.session, type, description, definition());
      this.defined.set(type, defining);
    }
    await defining.catch((error: unknown) => {
      this.defined.delete(type);
      throw error;
    });
  }
}
