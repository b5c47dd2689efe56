// `npm run mediaflux -- SERVICE ['<arg>…</arg>']`: one call, as it is, with the configured account, for people who look
// for a fault. Whatever comes of it is one line of JSON. Contract "Commands".

import { isMediafluxError, MediafluxError, readXml, Transport, type XmlElement } from '../protocol/index.js';
import { MediafluxSession } from '../session/index.js';
import { type Target, target } from './target.js';

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

interface ToldError {
  kind: string;
  message: string;
  version: string | null;
  causes: readonly string[];
}

class SettingsFault extends Error {}

async function call(service: string, args: string): Promise<XmlElement> {
  const elements = argumentsOf(args);
  const { transport, credentials } = connection();
  const session = new MediafluxSession({ transport, credentials });
  try {
    return await session.call(service, elements);
  } finally {
    // What came of the call is what was asked for; a session that cannot be ended ends by itself.
    await session.logoff().catch(() => undefined);
    await transport.close();
  }
}

function argumentsOf(text: string): XmlElement[] {
  try {
    const read = readXml(`<args>${text}</args>`);
    if (read.text.trim() === '') return read.children;
  } catch (error) {
    if (!isMediafluxError(error)) throw error;
  }
  throw new MediafluxError(
    'invalid-arguments',
    "The arguments are no XML elements: give them as in '<namespace>/projects</namespace><size>10</size>'.",
  );
}

function connection(): { transport: Transport; credentials: Target['credentials'] } {
  try {
    const { url, credentials } = target();
    if (!URL.canParse(url)) throw new Error('MEDIAFLUX_URL is no address, as in https://mediaflux.example.org.');
    return { transport: new Transport(url), credentials };
  } catch (error) {
    throw new SettingsFault(error instanceof Error ? error.message : String(error));
  }
}

function told(error: unknown): ToldError {
  if (isMediafluxError(error))
    return { kind: error.kind, message: error.message, version: error.version ?? null, causes: error.causes };
  const kind = error instanceof SettingsFault ? 'settings' : 'internal';
  return { kind, message: error instanceof Error ? error.message : String(error), version: null, causes: [] };
}

async function main(): Promise<void> {
  const [service, args = '', ...surplus] = process.argv.slice(2);
  if (service === undefined || service === '' || service.startsWith('-') || surplus.length > 0) {
    process.stderr.write("Use: npm run mediaflux -- SERVICE ['<arg>…</arg>']\n");
    process.exitCode = 2;
    return;
  }
  const say = (outcome: { result: JsonElement } | { error: ToldError }): void =>
    void process.stdout.write(`${JSON.stringify({ service, ...outcome })}\n`);
  try {
    say({ result: json(await call(service, args)) });
  } catch (error) {
    say({ error: told(error) });
    process.exitCode = 1;
  }
}

await main();
