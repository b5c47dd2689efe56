// `npm run mediaflux -- SERVICE ['<arg>…</arg>']`: one call, as it is, with the configured account, for people who look
// for a fault. Contract "Commands".

import { isMediafluxError, readXml, Transport, type XmlElement } from '../protocol/index.js';
import { MediafluxSession } from '../session/index.js';
import { target } from './target.js';

interface JsonElement {
  name: string;
  attributes: Record<string, string>;
  text: string | null;
  children: JsonElement[];
}

const json = (element: XmlElement): JsonElement => ({
  name: element.name,
  attributes: element.attributes,
  text: element.text === '' ? null : element.text,
  children: element.children.map(json),
});

async function main(): Promise<void> {
  const [service, args = ''] = process.argv.slice(2);
  if (service === undefined || service.startsWith('-')) {
    process.stderr.write("Use: npm run mediaflux -- SERVICE ['<arg>…</arg>']\n");
    process.exitCode = 2;
    return;
  }
  let transport: Transport | undefined;
  try {
    const { url, credentials } = target();
    transport = new Transport(url);
    const session = new MediafluxSession({ transport, credentials });
    const result = await session.call(service, readXml(`<args>${args}</args>`).children);
    process.stdout.write(`${JSON.stringify({ service, result: json(result) })}\n`);
    await session.logoff();
  } catch (error) {
    const told = isMediafluxError(error)
      ? { kind: error.kind, message: error.message, version: error.version ?? null, causes: error.causes }
      : {
          kind: 'settings',
          message: error instanceof Error ? error.message : String(error),
          version: null,
          causes: [],
        };
    process.stdout.write(`${JSON.stringify({ service, error: told })}\n`);
    process.exitCode = 1;
  } finally {
    await transport?.close();
  }
}

await main();
