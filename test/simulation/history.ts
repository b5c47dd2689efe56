// What a seed makes happen: platforms with their policies, uploads to people, and what people and administrators do.

import type { Chance } from './chance.js';
import { slotsBetween } from './local-time.js';
import type { DeliveryModel, FactKind, PlatformModel, Policy } from './model.js';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export interface Size {
  platforms: number;
  deliveries: number;
  days: number;
  /** Have some platforms quiet hours and closed days? */
  hasQuietTimes: boolean;
}

export type Happening =
  | { at: number; kind: FactKind; delivery: DeliveryModel; transfer?: number; lifetime?: number; note?: string }
  | { at: number; kind: 'data-gone'; uploadId: string }
  | { at: number; kind: 'policy'; platform: PlatformModel };

/** Half past two is left out or doubled where clocks change; midnight and late evening are quiet. */
const HOURS = [0, 2, 7, 9, 9, 9, 14, 17, 23];
const ZONES = [
  'Australia/Melbourne',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/New_York',
  'America/Sao_Paulo',
  'Europe/Berlin',
  'UTC',
  'Pacific/Auckland',
];

function rhythm(chance: Chance): Policy['rhythm'] {
  const often = chance.next();
  const day = chance.whole(0, 6);
  const weekdays =
    often < 0.6 ? [day] : often < 0.85 ? [day, (day + chance.whole(2, 4)) % 7].sort() : [0, 1, 2, 3, 4, 5, 6];
  return { weekdays, hour: chance.of(HOURS), minute: chance.of([0, 0, 30, 45]) };
}

const quietHours = (chance: Chance): Policy['quietHours'] =>
  chance.is(0.3)
    ? chance.of([
        { from: '22:00', to: '07:00' },
        { from: '12:00', to: '14:30' },
        { from: '18:00', to: '08:30' },
      ])
    : null;

const closedDays = (chance: Chance): Policy['closedDays'] =>
  chance.is(0.25)
    ? { weekdays: chance.of([['saturday', 'sunday'], ['sunday'], []]), dates: ['12-25', '12-26', '01-01'] }
    : null;

/** The policies of a platform over the whole time; the first is in force before it begins. */
export function policies(chance: Chance, start: number, end: number, hasQuietTimes: boolean): Policy[] {
  const enabled = chance.is(0.85);
  const first: Policy = {
    since: start - DAY,
    zone: chance.of(ZONES),
    enabled,
    enabledSince: start - DAY,
    rhythm: rhythm(chance),
    minimumAge: chance.of([24, 24, 24, 1, 48]) * HOUR,
    minimumSpacing: chance.of([24, 24, 24, 72, 120]) * HOUR,
    maximum: chance.of([null, null, null, 1, 2, 3]),
    quietHours: quietHours(chance),
    closedDays: closedDays(chance),
    digest: chance.is(0.35),
  };
  const all = [first];
  for (let at = start + chance.wait(60 * DAY); at < end; at += chance.wait(90 * DAY)) {
    const before = all.at(-1) ?? first;
    all.push(changed(chance, before, Math.floor(at)));
  }
  if (!hasQuietTimes) for (const policy of all) policy.quietHours = policy.closedDays = null;
  return all;
}

function changed(chance: Chance, before: Policy, at: number): Policy {
  const after = { ...before, since: at };
  switch (chance.whole(0, before.enabled ? 9 : 2)) {
    case 0:
    case 1:
      after.enabled = !before.enabled;
      break;
    case 2:
      after.zone = chance.of(ZONES);
      break;
    case 3:
    case 4:
      after.rhythm = rhythm(chance);
      break;
    case 5:
      after.minimumSpacing = chance.of([24, 48, 168]) * HOUR;
      break;
    case 6:
      after.maximum = chance.of([null, 1, 2]);
      break;
    case 7:
      after.quietHours = quietHours(chance);
      after.closedDays = closedDays(chance);
      break;
    case 8:
      after.digest = !before.digest;
      break;
    default:
      after.minimumAge = chance.of([1, 24, 72]) * HOUR;
  }
  const isSameRhythm =
    before.enabled && before.zone === after.zone && JSON.stringify(before.rhythm) === JSON.stringify(after.rhythm);
  return { ...after, enabledSince: isSameRhythm ? before.enabledSince : at };
}

export const makePlatform = (
  chance: Chance,
  details: Chance,
  number: number,
  { start, end, hasQuietTimes }: { start: number; end: number; hasQuietTimes: boolean },
): PlatformModel => ({
  id: chance.uuid(),
  operatorId: details.is(0.75) ? details.uuid() : null,
  name: `Platform ${number}`,
  namespace: `/projects/proj-${number}`,
  lifetime: chance.of([30, 30, 30, 90, 14, 7, 3, 2, 2, 1]) * DAY,
  policies: policies(chance, start, end, hasQuietTimes),
});

/**
 * While the mail server is away and the mails of a slot wait, somebody switches reminders off, now and then, and on again
 * when it is back or, as often, before that.
 */
export function switchOffInTrouble(chance: Chance, { policies }: PlatformModel, mailDown: readonly Span[]): void {
  for (const { from, to } of mailDown) {
    const index = policies.findLastIndex(({ since }) => since < from);
    const [policy, next] = [policies[index], policies[index + 1]];
    const part = Math.floor((to - from) / 8);
    const [off, on] = [to - part, from % 2 === 0 ? to + DAY : to - Math.floor(part / 2)];
    if (!policy?.enabled || (next && next.since <= on)) continue;
    const waiting = slotsBetween(policy.rhythm, policy.zone, Math.max(from, policy.enabledSince) + HOUR, off - HOUR);
    if (waiting.length === 0 || chance.is(0.4)) continue;
    for (const later of policies.slice(index + 1))
      if (later.enabledSince === policy.enabledSince) later.enabledSince = on;
    policies.splice(
      index + 1,
      0,
      { ...policy, since: off, enabled: false },
      { ...policy, since: on, enabledSince: on },
    );
  }
}

/** Quiet hours that begin an hour after each slot: what a mail server did not take at once comes into them. */
export function quietAfterSlots({ policies }: PlatformModel): void {
  const hour = (after: number): string => `${String(after % 24).padStart(2, '0')}:00`;
  for (const policy of policies)
    policy.quietHours ??= { from: hour(policy.rhythm.hour + 1), to: hour(policy.rhythm.hour + 9) };
}

/** The mail server is away at some slots of the platform, for three hours. */
export const awayAtSlots = ({ policies }: PlatformModel, end: number): Span[] =>
  policies.flatMap(({ since, rhythm, zone }, index) =>
    slotsBetween(rhythm, zone, since, policies[index + 1]?.since ?? end)
      .filter((_, number) => number % 5 === 2)
      .map((slot) => ({ from: slot - HOUR / 6, to: slot + 3 * HOUR })),
  );

/** Uploads to people, some to two, some again later, some to people who were sent others; each with the moment at which its first mail is handed over. */
export function makeDeliveries(
  chance: Chance,
  platforms: readonly PlatformModel[],
  { deliveries: count, days }: Size,
  start: number,
): { delivery: DeliveryModel; at: number }[] {
  const made: { delivery: DeliveryModel; at: number }[] = [];
  const add = (
    group: DeliveryModel[],
    of: Pick<DeliveryModel, 'uploadId' | 'personId' | 'platform'>,
    at: number,
  ): void => {
    const delivery = { ...of, number: made.length, id: chance.uuid(), ordinal: group.length, facts: [], group };
    group.push(delivery);
    made.push({ delivery, at: Math.floor(at) });
  };
  const known = new Map<PlatformModel, { personId: string; at: number }[]>(platforms.map((platform) => [platform, []]));
  while (made.length < count) {
    const platform = chance.of(platforms);
    const uploadId = chance.uuid();
    const people = known.get(platform) ?? [];
    // The same few are sent data again and again, within days.
    const again = people.length > 0 && chance.is(0.7) ? chance.of(people.slice(-4)) : undefined;
    const first = again ?? { personId: chance.uuid(), at: start + chance.next() * days * DAY };
    const at = again ? Math.max(start, again.at + (chance.next() - 0.5) * platform.lifetime) : first.at;
    if (!again) people.push(first);
    const recipients = chance.is(0.15) ? [first.personId, chance.uuid()] : [first.personId];
    for (const [person, personId] of recipients.entries()) {
      if (made.length >= count) break;
      const group: DeliveryModel[] = [];
      const to = { platform, uploadId, personId };
      add(group, to, at + person);
      for (let again = at; chance.is(0.12) && made.length < count;) {
        again += chance.is(0.7) ? chance.wait(platform.lifetime / 2) : chance.wait(200 * DAY);
        add(group, to, again + group.length);
      }
    }
  }
  return made;
}

/** What happens to a delivery after its mail was handed over. */
export function sequel(chance: Chance, delivery: DeliveryModel, at: number, expiresAt: number): Happening[] {
  const life = expiresAt - at;
  const happenings: Happening[] = [];
  const add = (
    kind: FactKind,
    when: number,
    more: { transfer?: number; lifetime?: number; note?: string } = {},
  ): number => {
    happenings.push({ at: Math.floor(when), kind, delivery, ...more });
    return when;
  };
  const within = (): number => at + Math.min(chance.wait(life / 2.5), 1.2 * life);
  if (chance.is(0.3)) add('viewed', within());
  if (chance.is(0.3)) add('accessed', within(), { note: 'direct attempted' });
  if (chance.is(0.25)) {
    const transfer = delivery.number * 1_000_000 + chance.whole(0, 999_999);
    let when = add('transfer-started', within(), { transfer });
    while (chance.is(0.6)) when = add('transfer-progressed', when + chance.wait(8 * HOUR), { transfer });
    const end = chance.next();
    if (end < 0.55) add('transfer-completed', when + chance.wait(4 * HOUR), { transfer });
    else if (end < 0.7) add('transfer-failed', when + chance.wait(4 * HOUR), { transfer });
  }
  if (chance.is(0.05)) {
    const when = add('done', within());
    if (chance.is(0.5)) add('undone', when + chance.wait(3 * DAY));
  }
  if (chance.is(0.05)) {
    const when = add('opted-out', within());
    if (chance.is(0.5)) add('opted-in', when + chance.wait(3 * DAY));
  }
  if (chance.is(0.03)) add('undeliverable', at + chance.wait(6 * HOUR), { note: 'a report of a mail server' });
  if (chance.is(0.04)) add('revoked', within());
  if (chance.is(0.08)) add('extended', at + chance.next() * life * 1.3, { lifetime: chance.of([1, 7, 30, 60]) * DAY });
  if (chance.is(0.015)) happenings.push({ at: Math.floor(within()), kind: 'data-gone', uploadId: delivery.uploadId });
  return happenings;
}

export interface Span {
  from: number;
  to: number;
}

/** Times of trouble: once in `every` on average, for `lasts` on average. */
export function spans(chance: Chance, start: number, end: number, every: number, lasts: number): Span[] {
  const found: Span[] = [];
  for (let from = start + chance.wait(every); from < end;) {
    const to = Math.min(end, from + 60_000 + chance.wait(lasts));
    found.push({ from: Math.floor(from), to: Math.floor(to) });
    from = to + chance.wait(every);
  }
  return found;
}

/** In the order of time, without overlaps. */
export function merged(all: readonly Span[]): Span[] {
  const found: Span[] = [];
  for (const { from, to } of all.toSorted((one, other) => one.from - other.from)) {
    const last = found.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else found.push({ from, to });
  }
  return found;
}

export const isWithin = (all: readonly Span[], moment: number): boolean => {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const span = all[middle];
    if (!span) return false;
    if (moment < span.from) high = middle;
    else if (moment >= span.to) low = middle + 1;
    else return true;
  }
  return false;
};

export const overlaps = (all: readonly Span[], from: number, to: number): Span | undefined =>
  all.find((span) => span.from < to && span.to > from);
