// How far each method of a delivery has come: the furthest phase reached, and of downloads how many of the files. What a
// scanner did, or an administrator said was no access, is left out; a direct download that the recipient says did not
// work was still begun.

import { prepared, preparedRows, rows, type Tx } from '../database/index.js';
import type { DispatchMethod } from '../platforms/index.js';
import { zonedIso } from '../time/index.js';
import type { DeliveryFacts } from './delivery-facts.js';

export interface MethodPhase {
  phase: string;
  at: string;
  files?: number;
  ofFiles?: number;
}

export type MethodPhases = Record<DispatchMethod, MethodPhase | null>;

export interface FurthestPhase {
  method: DispatchMethod;
  phase: string;
  at: Date;
}

/** Rows of `FurthestPhase`. @param delivery SQL for the delivery's id */
export const furthestOf = (delivery: string): string => `
  select distinct on (method) method, phase, at
    from judged_access
   where delivery_id = ${delivery}
     and method <> 'page'
     and (counts or overruled_by = 'recipient' or (overrule_id is null and not details ? 'scanner'))
   order by method, array_position('{requested,attempted,started,failed,completed}'::text[], phase) desc, at desc, id desc`;

const FURTHEST = prepared(furthestOf('$1'));

type OfDelivery = Pick<DeliveryFacts, 'id' | 'files' | 'timeZone'>;

export async function furthestPhases(tx: Tx, facts: OfDelivery): Promise<MethodPhases> {
  return methodPhases(tx, facts, await preparedRows<FurthestPhase>(tx, FURTHEST, [facts.id]));
}

/** With how many files, where some were fetched with the Data Mover. */
export async function methodPhases(
  tx: Tx,
  facts: OfDelivery,
  furthest: readonly FurthestPhase[],
): Promise<MethodPhases> {
  const phases: MethodPhases = { 'data-mover': null, direct: null, copy: null };
  for (const { method, phase, at } of furthest) phases[method] = { phase, at: zonedIso(at, facts.timeZone) };
  if (phases['data-mover'])
    Object.assign(phases['data-mover'], { files: await fetchedFiles(tx, facts), ofFiles: facts.files });
  return phases;
}

/** Files fetched with the Data Mover: all, if one download was whole; else the union of parts, or the furthest running one. */
export async function fetchedFiles(tx: Tx, facts: Pick<DeliveryFacts, 'id' | 'files'>): Promise<number> {
  const [coverage] = await rows<{ whole: boolean; part: number; running: number }>(
    tx,
    `select coalesce(bool_or(w.whole), false) as whole,
            (select count(distinct f.path)
               from download_fetched f
               join download p on p.id = f.download_id
              where p.delivery_id = $1) as part,
            coalesce(max(w.files) filter (where w.state <> 'completed'), 0) as running
       from download w
      where w.delivery_id = $1`,
    [facts.id],
  );
  if (!coverage) return 0;
  return coverage.whole ? facts.files : Math.min(facts.files, Math.max(coverage.part, coverage.running));
}
