// Manifest assets: one beside the data of each upload, found by queries of their documents.

import type { ContentSource, XmlElement } from '../protocol/index.js';
import { defineDocumentType, replaceDocument, writeDocumentAsset } from '../services/index.js';
import type { MediafluxSession } from '../session/index.js';
import { DELIVERIES_TYPE, deliveriesDefinition, MANIFEST_TYPE, manifestDefinition } from './manifest-document.js';

export class ManifestAssets {
  private defined: Promise<void> | undefined;

  constructor(private readonly session: MediafluxSession) {}

  /** Writes the asset into the upload's folder; again it makes a new version of the same. Answers its id. @throws MediafluxError */
  async write(folderNamespace: string, document: XmlElement, content: ContentSource): Promise<string> {
    await this.define();
    const path = `${folderNamespace}/${content.name}`;
    return writeDocumentAsset(this.session, path, 'application/x-ndjson', document, content);
  }

  /** Its deliveries as they stand, in place of what it said before. False: the asset is gone. @throws MediafluxError */
  async setDeliveries(assetId: string, document: XmlElement): Promise<boolean> {
    await this.define();
    return replaceDocument(this.session, assetId, document);
  }

  private async define(): Promise<void> {
    this.defined ??= this.defineBoth();
    await this.defined.catch((error: unknown) => {
      this.defined = undefined;
      throw error;
    });
  }

  private async defineBoth(): Promise<void> {
    const manifest = 'Manifest of an upload by the dispatch service';
    await defineDocumentType(this.session, MANIFEST_TYPE, manifest, manifestDefinition());
    const deliveries = 'Whom an upload was dispatched to by the dispatch service, and who has fetched it';
    await defineDocumentType(this.session, DELIVERIES_TYPE, deliveries, deliveriesDefinition());
  }
}
