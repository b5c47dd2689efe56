// `npm run check-site -- NAMESPACE`: goes through docs/mediaflux-assumptions.md on the configured server, in a scratch
// namespace that is taken away again, and says of each assumption whether it holds there.

import { isMediafluxError, Transport } from '../protocol/index.js';
import { createNamespace, serverVersion } from '../services/index.js';
import type { Assumption } from './assumption.js';
import { ASSUMPTIONS } from './assumptions.js';
import { CannotBeTried, DoesNotHold, Site } from './site.js';
import { target } from './target.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `undefined`: it holds. */
async function outcome(assumption: Assumption, site: Site): Promise<{ holds: boolean | null; seen: string }> {
  try {
    await assumption.check(site);
    return { holds: true, seen: '' };
  } catch (error) {
    if (error instanceof DoesNotHold) return { holds: false, seen: error.message };
    if (error instanceof CannotBeTried) return { holds: null, seen: error.message };
    if (isMediafluxError(error))
      return { holds: false, seen: `${error.service ?? 'a call'} failed (${error.kind}): ${error.message}` };
    throw error;
  }
}

async function main(): Promise<number> {
  const [namespace] = process.argv.slice(2);
  if (namespace === undefined || !namespace.startsWith('/')) {
    process.stderr.write(
      'Use: npm run check-site -- NAMESPACE\nNAMESPACE is one in which the service account may make others, such as a platform’s; what is made in it is taken away again.\n',
    );
    return 2;
  }
  const { url, credentials } = target();
  const transport = new Transport(url);
  const site = new Site(transport, credentials, namespace);
  try {
    say(`Mediaflux ${await serverVersion(site.session)} at ${url}`);
    await createNamespace(site.session, site.scratch);
    say(`Scratch namespace ${site.scratch}\n`);
    let failed = 0;
    try {
      for (const assumption of ASSUMPTIONS) {
        const { holds, seen } = await outcome(assumption, site);
        if (holds === false) failed += 1;
        const word = holds === null ? 'not tried' : holds ? 'holds' : 'DOES NOT HOLD';
        say(`${String(assumption.number).padStart(2)}  ${word.padEnd(13)}  ${assumption.sentence}`);
        if (seen !== '') say(`    ${seen}`);
      }
    } finally {
      for (const left of await site.cleanUp()) say(`Left behind: ${left}`);
    }
    say(
      failed === 0
        ? '\nEvery assumption that was tried holds.'
        : `\n${failed} of ${ASSUMPTIONS.length} do not hold; docs/mediaflux-assumptions.md says what rests on each.`,
    );
    return failed === 0 ? 0 : 1;
  } finally {
    await transport.close();
  }
}

process.exitCode = await main().catch((error: unknown) => {
  if (!(error instanceof Error)) throw error;
  process.stderr.write(`${error.message}\n`);
  return 1;
});
