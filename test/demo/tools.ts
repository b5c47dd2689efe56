// The programs that the demonstration uses beside the server: the Data Mover, single calls of Mediaflux, and a look into a
// namespace.

import { createHash } from 'node:crypto';
import { textAt, Transport } from '../../src/mediaflux/protocol/index.js';
import { openContent, queryValues, quoted } from '../../src/mediaflux/services/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { dataMover, runCommand, settingsOf } from '../support/program.js';

/** The `done` event of a Data Mover command. @throws Error it failed */
export async function command(args: readonly string[], state: string): Promise<Record<string, unknown>> {
  const finished = await dataMover(args, state);
  const done = finished.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .find((event) => event['event'] === 'done');
  if (finished.code !== 0 || !done)
    throw new Error(
      `data-mover ${args[0] ?? ''} ended with ${finished.code ?? 'a signal'}: ${finished.stdout}${finished.stderr}`,
    );
  return done;
}

/** One call with the service's account; the line that the command prints. @throws Error it failed */
export async function mediaflux(url: string, service: string, args: string): Promise<string> {
  const finished = await runCommand('src/mediaflux/command-line/call.js', [service, args], settingsOf(url));
  if (finished.code !== 0) throw new Error(`${service} failed: ${finished.stdout}`);
  return finished.stdout;
}

/** What the researcher sees in a namespace, fetched with their own logon. */
export async function contentsOfNamespace(url: string, namespace: string): Promise<Record<string, string>> {
  const transport = new Transport(url);
  const session = new MediafluxSession({
    transport,
    credentials: { domain: 'demo', user: 'researcher', password: 'researcher' },
  });
  const found: Record<string, string> = {};
  for await (const asset of queryValues(session, `namespace>=${quoted(namespace)}`, { path: 'path' })) {
    const wanted = { assetId: asset.attributes['id'] ?? '', size: null, crc32: null };
    const hash = createHash('sha256');
    for await (const part of await openContent(session, wanted)) hash.update(part);
    found[(textAt(asset, 'path') ?? '').slice(namespace.length + 1)] = hash.digest('hex');
  }
  await session.logoff();
  await transport.close();
  return found;
}
