// What operators are told of runs, against what the mail server was given: each run that reminded anybody is told once,
// when all its mails have ended, with exactly those that went. The product's tables say which mails a run had, and
// nothing else.

import type { Letter } from './letters.js';
import { type DeliveryModel, type PlatformModel, stateBefore } from './model.js';
import type { PostOffice } from './post-office.js';
import { iso, type Scene, SKEW } from './scene.js';

/** A reminder to one delivery, as the mail server met it. */
interface Gone {
  outcome: Letter['outcome'];
  at: number;
  order: number;
}

interface ToldRun {
  platform: PlatformModel;
  /** By delivery. */
  gone: Map<string, Gone>;
  /** What opens something, in the run's letters. */
  tokens: Set<string>;
  notice: { messageId: string; order: number; at: number; outcome: Letter['outcome'] } | undefined;
}

/** Lines of people in the notice, each under what is said of it. */
interface Told {
  sent: string[];
  notSent: string[];
  unknown: string[];
  counts: number[];
  isCut: boolean;
}

const HEADINGS: readonly [RegExp, 'sent' | 'notSent' | 'unknown' | undefined][] = [
  [/^These people were reminded/, 'sent'],
  [/^These reminders were not sent/, 'notSent'],
  [/^The mail server did not confirm/, 'unknown'],
  [/^Chosen, but no longer due/, undefined],
];

export class NoticeAuditor {
  private readonly runs = new Map<string, ToldRun>();

  constructor(
    private readonly scene: Scene,
    private readonly post: PostOffice,
  ) {}

  /** A reminder left, or was refused. */
  reminded(letter: Letter, runId: string, deliveries: readonly DeliveryModel[]): void {
    const [first] = deliveries;
    if (!first) return;
    const run = this.runOf(runId, first.platform);
    for (const { id } of deliveries)
      run.gone.set(id, { outcome: letter.outcome, at: letter.judgedAt, order: letter.order });
    if (run.notice && run.notice.order < letter.order)
      this.wrong(runId, `${letter.messageId} left at ${iso(letter.leftAt)}, after the notice of its run`);
    if (run.platform.operatorId !== null) for (const token of tokensIn(letter.text)) run.tokens.add(token);
  }

  /** Mails to operators. */
  async check(letters: readonly Letter[]): Promise<void> {
    for (const letter of [...letters].sort((one, other) => one.order - other.order)) {
      const [, runId] = /^<reminder-notice-([0-9a-f-]{36})-/.exec(letter.messageId) ?? [];
      if (runId !== undefined) await this.checkNotice(letter, runId);
      else if (opensSomething(letter)) this.scene.fail(`a mail to an operator has a link in it: ${letter.messageId}`);
      this.scene.note(runId === undefined ? 'other mails to operators' : 'notices');
    }
  }

  private async checkNotice(letter: Letter, runId: string): Promise<void> {
    const mails = await this.mailsOf(runId);
    const platform = mails[0]?.delivery.platform;
    if (!platform) return this.wrong(runId, 'a notice of a run that reminded nobody');
    const run = this.runOf(runId, platform);
    const { notice } = run;
    run.notice = { messageId: letter.messageId, order: letter.order, at: letter.leftAt, outcome: letter.outcome };
    if (letter.recipient !== `${platform.operatorId}@example.org`)
      this.wrong(runId, 'its notice went to somebody else');
    if (notice && notice.messageId !== letter.messageId) this.wrong(runId, 'a second notice left');
    // It may be repeated where nobody knows whether it arrived.
    else if (notice && notice.outcome !== 'no-answer' && !this.hasCrashedSince(notice.at))
      this.wrong(runId, 'a second copy of its notice left');
    for (const { order, at } of run.gone.values())
      if (order > letter.order) this.wrong(runId, `its notice left before a reminder of ${iso(at)}`);
    const opened = [...run.tokens].some((token) => letter.text.includes(token) || letter.html.includes(token));
    if (opensSomething(letter) || opened) this.wrong(runId, 'its notice has a link or a token in it');
    this.checkLines(letter, runId, run, mails);
  }

  private checkLines(
    letter: Letter,
    runId: string,
    run: ToldRun,
    mails: Awaited<ReturnType<typeof this.mailsOf>>,
  ): void {
    const told = read(letter.text);
    const counted = [told.sent.length, told.notSent.length, told.unknown.length];
    if (!told.isCut && String(counted) !== String(told.counts))
      this.wrong(runId, `its notice counts ${told.counts.join(', ')} and names ${counted.join(', ')}`);
    const places = { sent: bag(told.sent), notSent: bag(told.notSent), unknown: bag(told.unknown) };
    for (const { delivery, messageId } of mails) {
      const line = `${delivery.personId}@example.org: ${delivery.uploadId}`;
      const gone = run.gone.get(delivery.id);
      const isShaken = this.hasCrashedSince(gone?.at ?? -Infinity);
      const wanted = this.placesOf(gone, isShaken, this.post.ended.has(messageId), () =>
        hasEnded(delivery, letter.leftAt),
      );
      const found = wanted.find((place) => take(places[place], line));
      const mustBeNamed = gone !== undefined && !told.isCut;
      if (found === undefined && mustBeNamed)
        this.wrong(runId, `its notice does not say of ${line}: ${wanted.join(' or ')}`);
    }
    const others = Object.entries(places).flatMap(([place, lines]) =>
      [...lines.keys()].map((line) => `${line} ${place}`),
    );
    for (const other of others) this.wrong(runId, `its notice says what was not so: ${other}`);
  }

  /** Where a reminder may be named. A server that died left unrecorded what had become of its mails. */
  private placesOf(
    gone: Gone | undefined,
    isShaken: boolean,
    mayHaveLeft: boolean,
    hasExpired: () => boolean,
  ): ('sent' | 'notSent' | 'unknown')[] {
    if (gone?.outcome === 'taken') return isShaken ? ['sent', 'unknown'] : ['sent'];
    if (gone?.outcome === 'no-answer') return ['unknown'];
    if (gone?.outcome === 'refused') return isShaken ? ['notSent', 'unknown'] : ['notSent'];
    return [...(hasExpired() ? (['notSent'] as const) : []), ...(mayHaveLeft ? (['unknown'] as const) : [])];
  }

  /** When all has come to an end each run that reminded somebody has been told of, where anybody is to be told. */
  async checkEnds(): Promise<void> {
    const putOff = await this.scene.source.query<{ id: string }[]>(
      `select distinct run_id as id from reminder where state = 'pending'`,
    );
    const waiting = new Set(putOff.map(({ id }) => id));
    for (const [id, { platform, gone, notice }] of this.runs) {
      if (notice || gone.size === 0 || platform.operatorId === null || waiting.has(id)) continue;
      this.wrong(id, `nobody was told of its ${gone.size} reminders`);
    }
  }

  private runOf(runId: string, platform: PlatformModel): ToldRun {
    const run = this.runs.get(runId) ?? { platform, gone: new Map(), tokens: new Set(), notice: undefined };
    this.runs.set(runId, run);
    return run;
  }

  private async mailsOf(runId: string): Promise<{ delivery: DeliveryModel; messageId: string }[]> {
    const found = await this.scene.source.query<{ deliveryId: string; messageId: string }[]>(
      'select delivery_id as "deliveryId", message_id as "messageId" from reminder where run_id = $1 order by id',
      [runId],
    );
    return found.flatMap(({ deliveryId, messageId }) => {
      const delivery = this.scene.deliveries.get(deliveryId);
      return delivery ? [{ delivery, messageId }] : [];
    });
  }

  private hasCrashedSince(moment: number): boolean {
    return (this.scene.crashes.at(-1) ?? -Infinity) >= moment;
  }

  private wrong(runId: string, what: string): void {
    this.scene.fail(`run ${runId} of ${this.runs.get(runId)?.platform.name ?? 'no platform'}: ${what}`);
  }
}

/** As a person reads it. */
function read(text: string): Told {
  const told: Told = {
    sent: [],
    notSent: [],
    unknown: [],
    counts: [],
    isCut: /^The lists above are shortened/m.test(text),
  };
  const [, ...counts] = /: ([\d,]+) sent, ([\d,]+) not sent, ([\d,]+) unconfirmed\.$/m.exec(text) ?? [];
  told.counts = counts.map((count) => Number(count.replaceAll(',', '')));
  let place: 'sent' | 'notSent' | 'unknown' | undefined;
  for (const line of text.split('\n')) {
    const heading = HEADINGS.find(([pattern]) => pattern.test(line));
    if (heading) place = heading[1];
    const [, who] = /^- (\S+@\S+: [0-9a-f-]{36})/.exec(line) ?? [];
    if (place && who !== undefined) told[place].push(who);
  }
  return told;
}

const bag = (lines: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
};

/** Takes one of them out, if there is one. */
function take(lines: Map<string, number>, line: string): boolean {
  const count = lines.get(line);
  if (count === undefined) return false;
  if (count === 1) lines.delete(line);
  else lines.set(line, count - 1);
  return true;
}

const tokensIn = (text: string): string[] =>
  [...text.matchAll(/https:\/\/\S+\/[su]\/([\w-]+)/g)].flatMap(([, token]) => token ?? []);

const opensSomething = ({ text, html }: Letter): boolean =>
  /https?:\/\/|\/[su]\/[\w-]{10}/.test(text) || /<a\s|\/[su]\/[\w-]{10}/.test(html);

/** Had its links ended by some clock, or was a new link waiting for its mail? */
function hasEnded(delivery: DeliveryModel, moment: number): boolean {
  const { expiresAt } = stateBefore(delivery, moment);
  return (
    expiresAt === null ||
    expiresAt <= moment + SKEW ||
    delivery.facts.some(({ kind, at }) => kind === 'extended' && at <= moment)
  );
}
