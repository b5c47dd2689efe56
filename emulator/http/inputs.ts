// Bodies with content as they stream in: where each content goes is known once the request document, which comes first,
// has been read.

import { pieceOf } from '../services/io-services.js';
import type { World } from '../services/service.js';
import type { ByteSink, Contents, StoredContent } from '../store/contents.js';
import { attributeOf, child, type Element, parseXml, XmlFault } from '../xml/element.js';
import { ownerBehind } from '../services/session-services.js';

/** The body itself is wrong: HTTP status 400. */
export class BodyFault extends Error {}

export const LONGEST_REQUEST = 16 * 1024 * 1024;

export interface ReceivedRequest {
  xml: string;
  inputs: StoredContent[];
}

/** Takes the request document and then the contents, in order. */
export class Receiver {
  private readonly inputs: StoredContent[] = [];
  private xml: string | undefined;
  private sink: ByteSink | undefined;
  private type: string | undefined;

  constructor(private readonly world: World) {}

  takeDocument(xml: string): void {
    this.xml = xml;
  }

  /** @param type MIME type, where the sender told */
  openContent(type?: string): void {
    this.type = type;
    this.sink = this.world.contents.isFull ? nowhere() : (this.pieceSink() ?? this.world.contents.sink());
  }

  write(bytes: Buffer): Promise<void> | undefined {
    return this.sink?.write(bytes);
  }

  async closeContent(): Promise<void> {
    if (this.sink) {
      const stored = await this.sink.finish();
      this.inputs.push(this.type === undefined ? stored : { ...stored, type: this.type });
    }
    this.sink = undefined;
  }

  /** Removes what was stored of a body that broke off. */
  async discard(): Promise<void> {
    await this.sink?.discard();
    await removeUnused(this.world.contents, this.inputs, this.isPiece);
  }

  /** @throws BodyFault there is no request document in the body */
  request(): ReceivedRequest {
    if (this.xml === undefined) throw new BodyFault('The body holds no request part.');
    return { xml: this.xml, inputs: this.inputs };
  }

  readonly isPiece = (file: string): boolean => this.world.state.ioJobOfFile(file) !== undefined;

  /** A piece of an IO job goes straight into the job's file. Whoever may not write there gets a file of their own, and the service refuses. */
  private pieceSink(): ByteSink | undefined {
    if (this.xml === undefined || !this.xml.includes('server.io.write')) return undefined;
    try {
      const service = child(parseXml(this.xml), 'service');
      const args = service && argumentsOf(service, 'server.io.write');
      if (!service || !args) return undefined;
      const given = (name: string): string => attributeOf(service, name) ?? '';
      const owner = ownerBehind(this.world, given('session'), given('token'), attributeOf(service, 'app'));
      const piece = owner === undefined ? undefined : pieceOf(this.world, owner, args);
      return piece && this.world.contents.pieceSink(piece.file, piece.offset, piece.crcBefore);
    } catch (error) {
      if (error instanceof XmlFault) return undefined;
      throw error;
    }
  }
}

/** Arguments of `name`, called directly or inside a `service.execute`. */
function argumentsOf(service: Element, name: string): Element | undefined {
  if (attributeOf(service, 'name') === name) return child(service, 'args');
  return child(service, 'args')?.children.find((inner) => attributeOf(inner, 'name') === name);
}

/** What no service took belongs to nothing. */
export async function removeUnused(
  contents: Contents,
  inputs: readonly StoredContent[],
  isNeeded: (file: string) => boolean,
): Promise<void> {
  for (const input of inputs) if (!isNowhere(input) && !isNeeded(input.file)) await contents.remove(input.file);
}

/** A content that was not kept, because the store was full when it began. */
export const isNowhere = (input: StoredContent): boolean => input.file === '';

/** Where the bytes go when the store is full: the request is read to its end and then refused. */
function nowhere(): ByteSink {
  let size = 0;
  return {
    write: (part) => {
      size += part.length;
      return undefined;
    },
    finish: () => Promise.resolve({ file: '', size, crc: 0 }),
    discard: () => Promise.resolve(),
  };
}
