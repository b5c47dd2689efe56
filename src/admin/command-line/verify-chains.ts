// `npm run audit:verify [-- --chain ID] [--against FILE]`: a line for each chain, and what does not hold. Ends 0 if all
// hold, 1 if one does not, 2 if it could not look. Its output, kept, is what a later run takes with `--against`.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chainedAccess } from '../../access/index.js';
import { auditEntries, type ChainReport, type KnownHead, verifyChains } from '../../audit/index.js';
import { databaseAddress } from '../../config/index.js';
import { createDataSource, Transactions } from '../../database/index.js';
import { reminderPolicyVersions } from '../../platforms/index.js';
import { chainedLooks } from '../../uploads/index.js';

/** As the program registers them. */
const CHAINED = [auditEntries, ...chainedAccess, reminderPolicyVersions, chainedLooks];
const SHA256 = /^[0-9a-f]{64}$/;

function knownHeads(file: string | undefined): KnownHead[] {
  if (file === undefined) return [];
  const heads = readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, chain, sequence, sha256 = ''] = /\bchain=(\S+) .*\bhead=(\d+):(\w+)/.exec(line) ?? [];
      return chain !== undefined && SHA256.test(sha256) ? [{ chain, sequence: Number(sequence), sha256 }] : [];
    });
  if (heads.length === 0) throw new Error(`${file} holds no heads; give it the output of an earlier audit:verify.`);
  return heads;
}

function lines(report: ChainReport): string[] {
  const { chain, platform, head, problems, problemCount } = report;
  const facts = [
    report.ok ? 'ok  ' : 'FAIL',
    `chain=${chain}`,
    `sealed=${report.sealed}`,
    `waiting=${report.waiting}`,
    ...(head && head.sequence > 0 ? [`head=${head.sequence}:${head.sha256}`] : []),
    ...(platform === null ? [] : [JSON.stringify(platform)]),
  ];
  const told = problems.map(({ problem, sequence, entryId }) => {
    const place = [sequence === undefined ? [] : `seal ${sequence}`, entryId === undefined ? [] : `entry ${entryId}`];
    return `       ${problem}: ${place.flat().join(', ')}`;
  });
  const more = problemCount - problems.length;
  return [facts.join(' '), ...told, ...(more > 0 ? [`       and ${more} more`] : [])];
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: { chain: { type: 'string' }, against: { type: 'string' } } });
  const known = knownHeads(values.against);
  const dataSource = await createDataSource(databaseAddress(process.env, process.cwd()), 2).initialize();
  try {
    return await new Transactions(dataSource).snapshot(async (tx) => {
      let told = 0;
      let isOk = true;
      for await (const report of verifyChains(tx, CHAINED, { chain: values.chain, known })) {
        process.stdout.write(`${lines(report).join('\n')}\n`);
        told += 1;
        isOk &&= report.ok;
      }
      if (told === 0)
        throw new Error(`There is no chain ${values.chain ?? ''}: give a platform's id or "administration".`);
      return isOk;
    });
  } finally {
    await dataSource.destroy();
  }
}

main().then(
  (isOk) => (process.exitCode = isOk ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(
      `The chains could not be verified: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exitCode = 2;
  },
);
