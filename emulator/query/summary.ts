// What can be told of a query for a namespace alone without looking at its assets: indexes know how many lie in each
// namespace, and their least and largest change number.

import type { Condition } from './conditions.js';
import { pathsFrom } from './narrowing.js';
import type { Asker } from './predicates.js';
import type { Turns } from './turns.js';

export interface Summary {
  count: number;
  /** Change numbers; undefined when nothing is found. */
  stimes: { least: number; most: number } | undefined;
}

/** Of all that the caller may see; undefined for a query that asks for anything else. */
export async function summarize(
  { state }: Pick<Asker, 'state'>,
  conditions: readonly Condition[],
  mayRead: (namespace: string) => boolean,
  turns: Turns,
): Promise<Summary | undefined> {
  const [condition, ...more] = conditions;
  if (condition?.kind !== 'namespace' || condition.operator === '!=' || more.length > 0) return undefined;
  const summary: Summary = { count: 0, stimes: undefined };
  for (const path of condition.operator === '=' ? [condition.path] : pathsFrom(state, condition.path)) {
    if (turns.isOver) await turns.next();
    if ((condition.operator === '>' && path === condition.path) || !mayRead(path)) continue;
    summary.count += state.countBy('namespace', path);
    const stimes = state.stimesIn(path);
    if (!stimes) continue;
    summary.stimes = {
      least: Math.min(stimes.least, summary.stimes?.least ?? Infinity),
      most: Math.max(stimes.most, summary.stimes?.most ?? -Infinity),
    };
  }
  return summary;
}
