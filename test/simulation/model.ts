// What happened, and what follows from it for reminders by the rules of the product, worked out here by replaying the
// history of a delivery: none of the product's code is used. Moments are milliseconds since 1970. What happened at the
// very moment of a question does not count yet.

import type { ClosedDays, QuietHours, Rhythm } from './local-time.js';

const HOUR = 3_600_000;

export interface Policy {
  since: number;
  zone: string;
  enabled: boolean;
  /** Since when reminders are on by this rhythm in this zone. */
  enabledSince: number;
  rhythm: Rhythm;
  minimumAge: number;
  minimumSpacing: number;
  maximum: number | null;
  quietHours: QuietHours | null;
  closedDays: ClosedDays | null;
  /** One mail for all that is due for a person in a run. */
  digest: boolean;
}

export interface PlatformModel {
  id: string;
  /** The person who is told of its runs, if anybody is. */
  operatorId: string | null;
  name: string;
  namespace: string;
  /** Milliseconds. */
  lifetime: number;
  policies: Policy[];
}

export type FactKind =
  | 'handed-over'
  | 'accessed'
  | 'viewed'
  | 'transfer-started'
  | 'transfer-progressed'
  | 'transfer-completed'
  | 'transfer-failed'
  | 'done'
  | 'undone'
  | 'opted-out'
  | 'opted-in'
  | 'revoked'
  | 'gone'
  | 'undeliverable'
  | 'extended'
  | 'renewed'
  | 'left';

export interface Fact {
  at: number;
  kind: FactKind;
  /** Of `handed-over` and `extended`. */
  expiresAt?: number;
  /** Of transfers. */
  transfer?: number;
  /** Of `left`. */
  messageId?: string;
  slot?: number;
  note?: string;
}

export interface DeliveryModel {
  number: number;
  id: string;
  uploadId: string;
  personId: string;
  ordinal: number;
  platform: PlatformModel;
  facts: Fact[];
  /** Deliveries of the same upload to the same person, this one included. */
  group: DeliveryModel[];
}

export interface State {
  handedOverAt: number | null;
  expiresAt: number | null;
  revoked: boolean;
  gone: boolean;
  done: boolean;
  optedOut: boolean;
  undeliverable: boolean;
  accesses: number[];
  /** Each with its newest progress. */
  transfers: Map<number, number>;
  /** Moments at which reminders left, or may have. */
  reminded: number[];
}

/** The delivery just before `moment`. */
export function stateBefore(delivery: DeliveryModel, moment: number): State {
  const state: State = {
    handedOverAt: null,
    expiresAt: null,
    revoked: false,
    gone: false,
    done: false,
    optedOut: false,
    undeliverable: false,
    accesses: [],
    transfers: new Map(),
    reminded: [],
  };
  for (const fact of delivery.facts) {
    if (fact.at >= moment) break;
    apply(state, fact);
  }
  return state;
}

function apply(state: State, fact: Fact): void {
  switch (fact.kind) {
    case 'handed-over':
      state.handedOverAt = fact.at;
      state.expiresAt = fact.expiresAt ?? null;
      break;
    case 'extended':
      state.expiresAt = fact.expiresAt ?? null;
      break;
    case 'renewed':
      state.handedOverAt = null;
      state.expiresAt = null;
      state.undeliverable = false;
      break;
    case 'accessed':
      state.accesses.push(fact.at);
      break;
    case 'transfer-started':
    case 'transfer-progressed':
      state.transfers.set(fact.transfer ?? 0, fact.at);
      break;
    case 'transfer-completed':
      state.transfers.delete(fact.transfer ?? 0);
      state.accesses.push(fact.at);
      break;
    case 'transfer-failed':
      state.transfers.delete(fact.transfer ?? 0);
      break;
    case 'done':
      state.done = true;
      break;
    case 'undone':
      state.done = false;
      break;
    case 'opted-out':
      state.optedOut = true;
      break;
    case 'opted-in':
      state.optedOut = false;
      break;
    case 'revoked':
      state.revoked = true;
      break;
    case 'gone':
      state.gone = true;
      break;
    case 'undeliverable':
      state.undeliverable = true;
      break;
    case 'left':
      state.reminded.push(fact.at);
      break;
    case 'viewed':
      break;
  }
}

/** Adds in the order of time. */
export function addFact(delivery: DeliveryModel, fact: Fact): void {
  const last = delivery.facts.at(-1);
  delivery.facts.push(fact);
  if (last && last.at > fact.at) delivery.facts.sort((one, other) => one.at - other.at);
}

export const policyBefore = (platform: PlatformModel, moment: number): Policy | undefined =>
  platform.policies.findLast(({ since }) => since < moment);

export type Reason =
  | 'not-sent'
  | 'revoked'
  | 'gone'
  | 'expired'
  | 'accessed'
  | 'done'
  | 'opted-out'
  | 'undeliverable'
  | 'superseded'
  | 'in-progress'
  | 'too-young'
  | 'too-soon'
  | 'enough';

/**
 * Why no reminder may leave at `moment`, whatever the schedule; all reasons that hold. Product "Reminders" 2, 3, 6, 9, 11.
 *
 * @param skew what a clock may be from the true time: reasons count that hold by every such clock; those that hold by any
 *   where it is negative. What is a matter of before and after alone holds by every clock.
 */
export function reasonsAgainst(delivery: DeliveryModel, policy: Policy, moment: number, skew: number): Reason[] {
  const state = stateBefore(delivery, moment);
  const { handedOverAt, expiresAt } = state;
  if (handedOverAt === null || expiresAt === null) return ['not-sent'];
  const newest = Math.max(-Infinity, ...state.reminded);
  const holds: [Reason, boolean][] = [
    ['revoked', state.revoked],
    ['gone', state.gone],
    ['expired', moment >= expiresAt + skew],
    ['accessed', isSilenced(delivery, handedOverAt, moment)],
    ['done', state.done],
    ['opted-out', state.optedOut],
    ['undeliverable', state.undeliverable],
    ['superseded', isSuperseded(delivery, expiresAt, moment, skew)],
    ['in-progress', [...state.transfers.values()].some((progress) => moment - progress < 24 * HOUR - skew)],
    ['too-young', moment - handedOverAt < policy.minimumAge - skew],
    // By the clock of one server since the other's.
    ['too-soon', moment - newest < policy.minimumSpacing - 2 * skew],
    ['enough', policy.maximum !== null && state.reminded.length >= policy.maximum],
  ];
  return holds.filter(([, isHolding]) => isHolding).map(([reason]) => reason);
}

/** By an access between two moments, both left out. */
export const isAccessedBetween = (delivery: DeliveryModel, from: number, to: number): boolean => {
  const { handedOverAt } = stateBefore(delivery, to);
  return handedOverAt !== null && accessesOf(delivery, handedOverAt, to).some((access) => access > from);
};

/** By an access of its own, or of another delivery of the upload to the person when this one was already dispatched. */
function isSilenced(delivery: DeliveryModel, handedOverAt: number, moment: number): boolean {
  return accessesOf(delivery, handedOverAt, moment).length > 0;
}

const accessesOf = (delivery: DeliveryModel, handedOverAt: number, moment: number): number[] =>
  delivery.group.flatMap((other) =>
    stateBefore(other, moment).accesses.filter((access) => other === delivery || handedOverAt <= access),
  );

/** By another live one of the same upload to the same person that expires later. */
function isSuperseded(delivery: DeliveryModel, expiresAt: number, moment: number, skew: number): boolean {
  return delivery.group.some((other) => {
    if (other === delivery) return false;
    const state = stateBefore(other, moment);
    if (state.handedOverAt === null || state.expiresAt === null || state.revoked || state.gone) return false;
    return state.handedOverAt <= moment - skew && state.expiresAt > moment + skew && state.expiresAt > expiresAt;
  });
}

/** Readable, a line for each thing that happened. */
export function story(delivery: DeliveryModel): string {
  const when = (moment: number): string => new Date(moment).toISOString();
  const { platform } = delivery;
  const policies = platform.policies.map((policy) => ({
    at: policy.since,
    text: `policy: ${JSON.stringify({ ...policy, since: undefined, enabledSince: when(policy.enabledSince) })}`,
  }));
  const lines = delivery.group.flatMap((one) =>
    one.facts.map(({ at, kind, expiresAt, note }) => ({
      at,
      text: `${one === delivery ? 'this delivery' : `its sibling ${one.ordinal}`}: ${kind}${expiresAt === undefined ? '' : `, expires ${when(expiresAt)}`}${note === undefined ? '' : ` (${note})`}`,
    })),
  );
  return [...policies, ...lines]
    .sort((one, other) => one.at - other.at)
    .map(({ at, text }) => `    ${when(at)} ${text}`)
    .join('\n');
}
