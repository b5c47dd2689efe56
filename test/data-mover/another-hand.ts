// Somebody else with rights in the project, who changes in Mediaflux what an upload has sent.

import { Transport, xml } from '../../src/mediaflux/protocol/index.js';
import { destroyFile, uploadFile } from '../../src/mediaflux/services/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import type { Stage } from './stage.js';
import { uploadsOf } from './watched.js';

export class AnotherHand {
  private readonly transport: Transport;
  private readonly session: MediafluxSession;

  constructor(private readonly stage: Stage) {
    this.transport = new Transport(stage.emulator.url);
    this.session = new MediafluxSession({
      transport: this.transport,
      credentials: { domain: 'system', user: 'manager', password: 'manager' },
    });
  }

  /** Where the data of the upload lie that was begun last. */
  async newest(): Promise<string> {
    const [upload] = await uploadsOf(this.stage);
    if (!upload) throw new Error('There is no upload.');
    return `/projects/proj-microscopy-1128.4.15/${upload.folder}/data`;
  }

  async put(place: string, text: string): Promise<void> {
    const bytes = Buffer.from(text);
    const name = place.slice(place.lastIndexOf('/') + 1);
    await uploadFile(this.session, place, { name, size: bytes.length, open: () => [bytes] });
  }

  /** An asset without a content. */
  async makeHollow(place: string): Promise<void> {
    const end = place.lastIndexOf('/');
    const args = [xml('namespace', place.slice(0, end)), xml('name', place.slice(end + 1))];
    await this.session.call('asset.create', args);
  }

  destroy(place: string): Promise<void> {
    return destroyFile(this.session, place);
  }

  async destroyFolder(place: string): Promise<void> {
    await this.session.call('asset.namespace.destroy', [xml('namespace', place)]);
  }

  async close(): Promise<void> {
    await this.session.logoff();
    await this.transport.close();
  }
}
