// What must hold of every mail that left, and of everybody who was due. Asked of the model only; of the product's tables
// come the run and the delivery that a mail belongs to.

import { isAnyBetween, isClosed, isQuiet, slotsBetween } from './local-time.js';
import type { Letter } from './letters.js';
import {
  type DeliveryModel,
  isAccessedBetween,
  policyBefore,
  type PlatformModel,
  type Policy,
  reasonsAgainst,
  type State,
  stateBefore,
} from './model.js';
import { SKEW } from './scene.js';

/** What the product says a reminder belongs to. */
export interface Ledger {
  messageId: string;
  runId: string;
  deliveryId: string;
  slot: number;
  /** By the clock of the server that made it. */
  runMadeAt: number;
  /** When the run chose it, by the clock of the server that did. */
  chosenAt: number;
  /** When a run of a later slot chose the same delivery, if one has; by the clock of its server. */
  chosenAgainAt: number;
  trigger: string;
  /** Other reminders of the delivery of which nobody knows whether they left. */
  unknowns: number[];
  isConfirmed: boolean;
}

/** A mail is judged just before it goes. */
const LONGEST_FROM_JUDGEMENT_MS = 70_000;
const HOUR = 3_600_000;
/** These hold also for what a person sent by hand and confirmed. */
const NEVER = ['not-sent', 'revoked', 'gone', 'expired', 'opted-out', 'undeliverable'];

/**
 * What of the letter is wrong as to one delivery; nothing when it was right to send it.
 *
 * @param named all deliveries that it is about, this one included
 */
export function wrongsOf(
  letter: Letter,
  ledger: Ledger,
  delivery: DeliveryModel,
  named: readonly DeliveryModel[],
  recipientOf: string,
): string[] {
  const wrongs: string[] = [];
  const { judgedAt, leftAt } = letter;
  const policy = policyBefore(delivery.platform, judgedAt);
  if (!policy) return ['the platform had no policy'];
  const state = stateBefore(delivery, leftAt);
  const isByHand = ledger.trigger === 'by-hand';
  const setAside = isByHand && ledger.isConfirmed ? reasonsKnown(delivery, ledger) : [];
  const against = reasonsAgainst(delivery, policy, judgedAt, SKEW).filter(
    (reason) => NEVER.includes(reason) || !setAside.includes(reason),
  );
  wrongs.push(...against.map((reason) => `it left although: ${reason}`));
  if (setAside.length > 0 && isAccessedBetween(delivery, ledger.chosenAt + SKEW, judgedAt))
    wrongs.push('it left although the data were accessed after it was confirmed');
  if (state.expiresAt === null || leftAt >= state.expiresAt + SKEW) wrongs.push('it left after expiry');
  if (leftAt - judgedAt > LONGEST_FROM_JUDGEMENT_MS) wrongs.push('it was judged long before it left');
  if (letter.recipient !== recipientOf) wrongs.push('it went to somebody else');
  const earlier = delivery.facts.filter(({ kind }) => kind === 'left');
  if (earlier.some(({ at }) => at === judgedAt)) wrongs.push('two left at one moment');
  if (earlier.some(({ messageId }) => messageId === letter.messageId)) wrongs.push('a second copy left');
  if (earlier.some(({ slot }) => slot === ledger.slot)) wrongs.push('a second one left for the slot');
  if (!isByHand && !policy.enabled) wrongs.push('reminders were off');
  if (!isByHand && wasSwitchedOff(delivery.platform, ledger, judgedAt))
    wrongs.push('reminders were switched off after its run was made');
  if (ledger.chosenAgainAt < judgedAt - SKEW) wrongs.push('a newer run had taken its place');
  if (!isByHand && wasOver(delivery.platform, ledger)) wrongs.push('it was chosen when the next slot had come');
  const end = Math.min(...named.map((one) => stateBefore(one, judgedAt).expiresAt ?? -Infinity));
  if (!isByHand && byAnyClock(judgedAt).every((at) => isShut(policy, at)) && isOpenBefore(policy, judgedAt, end))
    wrongs.push('it left in quiet hours or on a closed day, and could have waited');
  const before = stateBefore(delivery, judgedAt);
  if (letter.notAfter !== end) wrongs.push('it may go until another moment than the first expiry');
  const isLast = byAnyClock(judgedAt).flatMap((at) => [
    isLastAt(policy, before, at),
    // Of one that may have left the product alone knows.
    isLastAt(policy, { ...before, reminded: [...before.reminded, ...ledger.unknowns] }, at),
  ]);
  const saysSo = /This is the last reminder/.test(partAbout(letter, delivery, named));
  if (!isLast.includes(saysSo))
    wrongs.push(saysSo ? 'it says that it is the last' : 'it does not say that it is the last');
  return wrongs;
}

/** What may have spoken against it, by some clock, when a person confirmed it. */
function reasonsKnown(delivery: DeliveryModel, { chosenAt }: Ledger): readonly string[] {
  const policy = policyBefore(delivery.platform, chosenAt + SKEW);
  return policy ? reasonsAgainst(delivery, policy, chosenAt + SKEW, -SKEW) : [];
}

/** Had the next slot come by every clock when the run chose, under a rhythm that had not just changed? */
function wasOver(platform: PlatformModel, { slot, chosenAt }: Ledger): boolean {
  return byAnyClock(chosenAt).every((at) => {
    const policy = policyBefore(platform, at);
    // Slots from before the rhythm was changed have no runs of their own.
    const from = Math.max(slot, policy?.enabledSince ?? 0) + 1;
    return policy !== undefined && slotsBetween(policy.rhythm, policy.zone, from, at + 1 - SKEW).length > 0;
  });
}

/** Were nothing else to happen: does none come after one that leaves at `at`, because of number, spacing, age or expiry? */
function isLastAt(policy: Policy, { handedOverAt, expiresAt, reminded }: State, at: number): boolean {
  if (!policy.enabled || (policy.maximum !== null && reminded.length + 1 >= policy.maximum)) return true;
  const from = Math.max(at + policy.minimumSpacing, (handedOverAt ?? 0) + policy.minimumAge);
  const next = slotsBetween(policy.rhythm, policy.zone, from, from + 15 * 24 * HOUR)[0] ?? Infinity;
  return next >= (expiresAt ?? 0);
}

/** Were reminders off at any moment since the run was made? */
const wasSwitchedOff = ({ policies }: PlatformModel, { runMadeAt }: Ledger, judgedAt: number): boolean =>
  policies.some(({ enabled, since }) => !enabled && since > runMadeAt + SKEW && since < judgedAt);

/** What a server may have taken the moment for. No quiet time and no day is over between two of them. */
const byAnyClock = (moment: number): number[] => [moment - SKEW, moment, moment + SKEW];

/** Of a letter about several each has a part of its own, between lines of dashes. */
function partAbout(letter: Letter, delivery: DeliveryModel, named: readonly DeliveryModel[]): string {
  if (named.length === 1) return letter.text;
  const parts = letter.text.split(/^-{20,}$/m).filter((part) => part.includes(delivery.uploadId));
  return parts.length === 1 ? (parts[0] ?? '') : '';
}

/** What of the letter is wrong as a whole. @param wasWrittenTo had the person a letter of the same run before? */
export function wrongsOfAll(
  letter: Letter,
  ledgers: readonly Ledger[],
  named: readonly DeliveryModel[],
  wasWrittenTo: boolean,
): string[] {
  const wrongs: string[] = [];
  const [first] = ledgers;
  const [one] = named;
  if (!first || !one) return ['it is about nothing'];
  for (const { uploadId } of named) if (!letter.text.includes(uploadId)) wrongs.push(`it does not name ${uploadId}`);
  const stops = new Set(letter.text.match(/https:\/\/\S+\/u\/\S+/g));
  if (stops.size !== (named.length === 1 ? 1 : named.length + 1))
    wrongs.push(`it has ${stops.size} ways to stop for ${named.length} deliveries`);
  if (ledgers.some(({ slot }) => slot !== first.slot)) wrongs.push('it is of several runs');
  const policy = policyBefore(one.platform, letter.judgedAt);
  const wasOneMail = policy?.digest === true && policy.since < first.runMadeAt - SKEW;
  if (wasOneMail && wasWrittenTo) wrongs.push('the person had a mail of this run before');
  if (named.length > 1 && !one.platform.policies.some(({ digest, since }) => digest && since < letter.judgedAt))
    wrongs.push('the platform never wanted several in one mail');
  return wrongs;
}

const isShut = ({ zone, quietHours, closedDays }: Policy, moment: number): boolean =>
  isQuiet(moment, zone, quietHours) || isClosed(moment, zone, closedDays);

/** Did quiet hours or a closed day begin while it waited? */
export function waitedThroughQuietTimes({ judgedAt }: Letter, { chosenAt }: Ledger, platform: PlatformModel): boolean {
  const policy = policyBefore(platform, judgedAt);
  if (!policy || isShut(policy, chosenAt)) return false;
  return isAnyBetween(chosenAt, judgedAt, (at) => isShut(policy, at));
}

/** Was there a better moment before expiry? Of a closed day: one that is open; failing that, one that is not quiet. */
function isOpenBefore(policy: Policy, moment: number, expiresAt: number): boolean {
  const limit = Math.min(expiresAt, moment + 30 * 24 * HOUR);
  if (isAnyBetween(moment, limit, (at) => !isShut(policy, at))) return true;
  return (
    isQuiet(moment, policy.zone, policy.quietHours) &&
    isAnyBetween(moment, limit, (at) => !isQuiet(at, policy.zone, policy.quietHours))
  );
}

/** The time after a slot in which everybody due must have been reminded. */
export interface Window {
  platform: PlatformModel;
  policy: Policy;
  slot: number;
  until: number;
}

/** Was the delivery due at every moment of the window by every clock, reminders that left in it aside? */
export function isDueThroughout(delivery: DeliveryModel, { policy, slot, until }: Window): boolean {
  const from = slot - SKEW;
  for (const one of delivery.group)
    for (const fact of one.facts) if (fact.at >= from && fact.at <= until + SKEW && fact.kind !== 'left') return false;
  // Where it was handed over again, whether an access by another delivery was before or after is for nobody to say.
  if (delivery.facts.some(({ kind }) => kind === 'renewed') && delivery.group.length > 1) return false;
  const { expiresAt } = stateBefore(delivery, from);
  if (expiresAt === null || expiresAt <= until + SKEW) return false;
  // The clock of the server that chose may have been behind, and the one that made the run ahead.
  return reasonsAgainst(delivery, policy, from, -SKEW).length === 0;
}

export const isReminded = (delivery: DeliveryModel, { slot, until }: Window): boolean =>
  delivery.facts.some(({ kind, at }) => kind === 'left' && at >= slot - SKEW && at <= until);

/** Is a run of this platform and slot one that had to be, when it was made by a clock that showed `madeAt`? */
export function isRightSlot(platform: PlatformModel, slot: number, madeAt: number): boolean {
  return byAnyClock(madeAt).some((at) => {
    const policy = policyBefore(platform, at);
    if (!policy?.enabled || slot <= policy.enabledSince || slot > madeAt) return false;
    return slotsBetween(policy.rhythm, policy.zone, slot, madeAt + 1).at(-1) === slot;
  });
}
