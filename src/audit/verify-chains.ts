// Verifies chains in one pass with bounded memory: every seal against its entry and the seal before it, the head, and
// entries that no seal covers. What was cut off together with the head shows only against a head kept elsewhere.

import { rows, type Tx } from '../database/index.js';
import { ADMINISTRATION, type ChainedKind, fieldsOf } from './chained-kinds.js';
import { type ChainHead, ChainsStore, type Seal } from './chains.store.js';
import { CHAIN_START, sealHash } from './seal-hash.js';

export type ProblemKind =
  /** The entry, or its seal, is not what was sealed. */
  | 'changed'
  /** The seal is there, the entry is not. */
  | 'entry-removed'
  | 'seal-removed'
  /** A seal does not follow from the one before. */
  | 'link-broken'
  /** The head is beyond the last seal. */
  | 'tail-removed'
  /** The head is not the last seal. */
  | 'head-differs'
  /** An entry that came into its table past the trigger. */
  | 'inserted'
  /** An entry waits for long: no worker seals, or it does not succeed. */
  | 'unsealed'
  /** A head known from elsewhere is not in the chain. */
  | 'known-head-missing';

export interface ChainProblem {
  problem: ProblemKind;
  sequence?: number;
  entryId?: string;
}

/** A head that was kept elsewhere. */
export interface KnownHead {
  chain: string;
  sequence: number;
  sha256: string;
}

export interface ChainReport {
  /** A platform's id, or `administration`. */
  chain: string;
  /** The platform's name; null for the administration or where the platform is not there. */
  platform: string | null;
  ok: boolean;
  sealed: number;
  /** Entries that are not sealed yet, as is usual for seconds. */
  waiting: number;
  head: Omit<ChainHead, 'chain'> | null;
  problemCount: number;
  /** The first hundred. */
  problems: ChainProblem[];
}

const PAGE = 1_000;
const SHOWN = 100;
const LATE_AFTER = '15 minutes';

export interface VerifyOptions {
  /** One chain only. */
  chain?: string | undefined;
  known?: readonly KnownHead[];
}

/** @param tx a snapshot: seals, heads and entries must be of one moment */
export async function* verifyChains(
  tx: Tx,
  kinds: readonly ChainedKind[],
  options: VerifyOptions = {},
): AsyncGenerator<ChainReport> {
  const uncovered = await uncoveredEntries(tx, kinds, options.chain);
  const chains = await chainsIn(tx, [...uncovered.keys(), ...(options.known ?? []).map((head) => head.chain)]);
  const heads = new Map((await new ChainsStore().heads(tx)).map((head) => [head.chain, head]));
  for (const { chain, platform } of chains) {
    if (options.chain !== undefined && chain !== options.chain) continue;
    const known = (options.known ?? []).filter((head) => head.chain === chain);
    const { sealed, problems } = await walk(tx, kinds, chain, heads.get(chain), known);
    yield report({ chain, platform, sealed, head: heads.get(chain), uncovered: uncovered.get(chain), problems });
  }
}

/** Goes through the seals of one chain. */
async function walk(
  tx: Tx,
  kinds: readonly ChainedKind[],
  chain: string,
  head: ChainHead | undefined,
  known: readonly KnownHead[],
): Promise<{ sealed: number; problems: Problems }> {
  const store = new ChainsStore();
  const problems = new Problems();
  const missing = new Set(known);
  let sealed = 0;
  let last: Pick<Seal, 'sequence' | 'sha256'> = { sequence: 0, sha256: CHAIN_START };
  for (let page = await store.seals(tx, chain, 0, PAGE); page.length > 0;) {
    const fields = await fieldsOf(tx, kinds, page);
    for (const seal of page) {
      sealed += 1;
      judge(chain, seal, last, fields.get(seal.entryId), problems);
      for (const outside of missing)
        if (outside.sequence === seal.sequence && outside.sha256 === seal.sha256) missing.delete(outside);
      last = seal;
    }
    page = page.length < PAGE ? [] : await store.seals(tx, chain, last.sequence, PAGE);
  }
  if (head && head.sequence > last.sequence)
    problems.add('tail-removed', { sequence: last.sequence + 1 }, head.sequence - last.sequence);
  else if ((head?.sequence ?? 0) !== last.sequence || (head?.sha256 ?? CHAIN_START) !== last.sha256)
    problems.add('head-differs', { sequence: head?.sequence ?? 0 });
  for (const outside of missing) problems.add('known-head-missing', { sequence: outside.sequence });
  return { sealed, problems };
}

function report(found: {
  chain: string;
  platform: string | null;
  sealed: number;
  head: ChainHead | undefined;
  uncovered: Uncovered | undefined;
  problems: Problems;
}): ChainReport {
  const { chain, platform, sealed, head, uncovered, problems } = found;
  if (uncovered) {
    for (const entryId of uncovered.inserted) problems.add('inserted', { entryId });
    for (const entryId of uncovered.late) problems.add('unsealed', { entryId });
    problems.count += uncovered.insertedCount - uncovered.inserted.length + uncovered.lateCount - uncovered.late.length;
  }
  return {
    chain,
    platform,
    ok: problems.count === 0,
    sealed,
    waiting: uncovered?.waiting ?? 0,
    head: head ? { sequence: head.sequence, sha256: head.sha256, sealedAt: head.sealedAt } : null,
    problemCount: problems.count,
    problems: problems.first,
  };
}

function judge(
  chain: string,
  seal: Seal,
  last: Pick<Seal, 'sequence' | 'sha256'>,
  fields: readonly (string | null)[] | undefined,
  problems: Problems,
): void {
  const { sequence, entryId } = seal;
  const gap = sequence - last.sequence - 1;
  if (gap > 0) problems.add('seal-removed', { sequence: last.sequence + 1 }, gap);
  else if (seal.previous !== last.sha256) problems.add('link-broken', { sequence, entryId });
  if (fields === undefined) problems.add('entry-removed', { sequence, entryId });
  else if (sealHash({ chain, ...seal, fields }) !== seal.sha256) problems.add('changed', { sequence, entryId });
}

class Problems {
  count = 0;
  readonly first: ChainProblem[] = [];

  add(problem: ProblemKind, where: Omit<ChainProblem, 'problem'>, times = 1): void {
    this.count += times;
    if (this.first.length < SHOWN) this.first.push({ problem, ...where });
  }
}

interface Uncovered {
  waiting: number;
  lateCount: number;
  insertedCount: number;
  /** The first hundred of each kind of entry. */
  late: string[];
  inserted: string[];
}

/** Entries without a seal, by chain. */
async function uncoveredEntries(
  tx: Tx,
  kinds: readonly ChainedKind[],
  chain: string | undefined,
): Promise<Map<string, Uncovered>> {
  const all = new Map<string, Uncovered>();
  for (const kind of kinds) {
    const found = await rows<Uncovered & { chain: string }>(
      tx,
      `select chain, count(*) filter (where is_waiting) as waiting,
              count(*) filter (where is_waiting and is_late) as "lateCount",
              count(*) filter (where not is_waiting) as "insertedCount",
              coalesce((array_agg(id order by id) filter (where is_waiting and is_late))[1:${SHOWN}], '{}') as late,
              coalesce((array_agg(id order by id) filter (where not is_waiting))[1:${SHOWN}], '{}') as inserted
         from (
           select e.id::text as id, ${kind.chain} as chain, u.entry_id is not null as is_waiting,
                  ${kind.recordedAt} < now() - interval '${LATE_AFTER}' as is_late
             from ${kind.table} e
             left join chain_seal s on s.entry_id = e.id
             left join unsealed_entry u on u.entry_id = e.id and u.chain = ${kind.chain}
            where s.entry_id is null
              and ($1::text is null or ${kind.chain} = $1)) uncovered
        group by chain`,
      [chain ?? null],
    );
    for (const entry of found) {
      const former = all.get(entry.chain);
      all.set(entry.chain, {
        waiting: (former?.waiting ?? 0) + entry.waiting,
        lateCount: (former?.lateCount ?? 0) + entry.lateCount,
        insertedCount: (former?.insertedCount ?? 0) + entry.insertedCount,
        late: [...(former?.late ?? []), ...entry.late],
        inserted: [...(former?.inserted ?? []), ...entry.inserted],
      });
    }
  }
  return all;
}

/** Every chain that there is or ought to be, the administration first. */
async function chainsIn(tx: Tx, more: readonly string[]): Promise<{ chain: string; platform: string | null }[]> {
  return rows(
    tx,
    `select c.chain, p.name as platform
       from (select '${ADMINISTRATION}' as chain
              union select chain from chain_head
              union select chain from chain_seal
              union select id::text from platform
              union select unnest($1::text[])) c
       left join platform p on p.id::text = c.chain
      order by (c.chain = '${ADMINISTRATION}') desc, p.name, c.chain`,
    [more],
  );
}
