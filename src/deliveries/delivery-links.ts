// Links of deliveries: derived from SECRET_KEY, so that any instance can write the same link into a reminder; the
// database holds only their SHA-256 for the look-up. Former generations stay known, as links that have ended.

import { Inject, Injectable } from '@nestjs/common';
import { type LinkIdentity, SecretKeys, tokenHash } from '../auth/index.js';
import { prepared, preparedRows, rows, Together, Transactions, type Tx } from '../database/index.js';
import { PublicAddress } from '../http/index.js';
import { Clock } from '../time/index.js';

type Purpose = 'share' | 'unsubscribe';

interface LinkedDelivery {
  id: string;
  linkGeneration: number;
  linkKeyId: string;
}

export interface LinkRow {
  /** Of the token in what was asked, from 1. */
  nth: number;
  delivery_id: string;
  platform_id: string;
  purpose: Purpose;
  state: LinkIdentity['state'];
  expires_at: Date | null;
  ended_at: Date | null;
  more_time_asked_at: Date | null;
  time_zone: string;
  contact_name: string;
  contact_email: string;
  person_language: string | null;
  platform_language: string;
}

/**
 * SQL. A link whose mail is not recorded as handed over lives: after a crash somebody may have it.
 *
 * @param generation SQL of the link's
 */
const stateOf = (generation: string, now: string): string => `
          case when d.revoked_at is not null then 'revoked'
               when d.gone_at is not null then 'gone'
               when ${generation} <> d.link_generation then 'replaced'
               when d.expires_at <= ${now} then 'expired'
               else 'live'
          end`;

const OF_DELIVERY = `p.time_zone, p.contact_name, p.contact_email, n.language as person_language, p.language as platform_language`;

/** SQL for the columns of `LinkRow`, of `LINKS_ASKED`. @param now SQL */
export const linkColumns = (now: string): string => `
          asked.nth, l.delivery_id, d.platform_id, l.purpose, ${stateOf('l.generation', now)} as state, d.expires_at, l.ended_at,
          case when d.expires_at <= ${now} then
            (select r.requested_at from extension_request r where r.delivery_id = d.id and r.state = 'open')
          end as more_time_asked_at, ${OF_DELIVERY}`;

/** SQL for the links `l` with the hashes in $1, their deliveries `d` and what those are of. */
export const LINKS_ASKED = `
          unnest((select $1::bytea[])) with ordinality as asked (token_sha256, nth)
     join delivery_link l on l.token_sha256 = asked.token_sha256
     join delivery d on d.id = l.delivery_id
     join platform p on p.id = d.platform_id
     join person n on n.id = d.person_id`;

/** $1 hashes of tokens, $2 now. */
const RESOLVE = prepared(`select ${linkColumns('$2::timestamptz')} from ${LINKS_ASKED}`);

/** $1 hashes of tokens, $2 now: every delivery that the link of one mail stops, in the order of their ids. */
const RESOLVE_JOINT = prepared(
  `select asked.nth, l.delivery_id, d.platform_id, 'unsubscribe' as purpose,
          ${stateOf('d.link_generation', '$2::timestamptz')} as state,
          d.expires_at, null as ended_at, null as more_time_asked_at, ${OF_DELIVERY}
     from unnest((select $1::bytea[])) with ordinality as asked (token_sha256, nth)
     join joint_unsubscribe_link l on l.token_sha256 = asked.token_sha256
     join delivery d on d.id = l.delivery_id
     join platform p on p.id = d.platform_id
     join person n on n.id = d.person_id
    order by asked.nth, d.id`,
);

@Injectable()
export class DeliveryLinks {
  private readonly lookUps = new Together<string, LinkIdentity | undefined>((tokens) => this.resolveAll(tokens));

  constructor(
    @Inject(SecretKeys) private readonly keys: SecretKeys,
    @Inject(PublicAddress) private readonly address: PublicAddress,
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** The key that new links are made with. */
  get currentKeyId(): string {
    return this.keys.current.id;
  }

  token(delivery: LinkedDelivery, purpose: Purpose): string {
    const key = this.keys.byId(delivery.linkKeyId);
    if (!key)
      throw new Error('The links of a delivery were made with a key that SECRET_KEY no longer holds; add it again.');
    return this.keys.derive(key, `${purpose}:${delivery.id}:${delivery.linkGeneration}`);
  }

  shareUrl(token: string): string {
    return `${this.address.url}/s/${token}`;
  }

  unsubscribeUrl(delivery: LinkedDelivery): string {
    return `${this.address.url}/u/${this.token(delivery, 'unsubscribe')}`;
  }

  /** Makes the links of the delivery's present generation known. */
  async register(tx: Tx, delivery: LinkedDelivery): Promise<void> {
    for (const purpose of ['share', 'unsubscribe'] as const) {
      await rows(
        tx,
        `insert into delivery_link (token_sha256, delivery_id, generation, purpose) values ($1, $2, $3, $4) on conflict do nothing`,
        [tokenHash(this.token(delivery, purpose)), delivery.id, delivery.linkGeneration, purpose],
      );
    }
  }

  /**
   * Links that stop the reminders of all deliveries that one mail names, by the mail's own id. What a link stopped before
   * is forgotten: a mail that has to go again may name fewer.
   *
   * @returns their addresses by that id
   */
  async registerJoint(
    tx: Tx,
    mails: readonly { id: string; deliveryIds: readonly string[] }[],
  ): Promise<Map<string, string>> {
    const made = mails.map(({ id, deliveryIds }) => {
      const token = this.keys.derive(this.keys.current, `joint-unsubscribe:${id}`);
      return { id, deliveryIds, token, hash: tokenHash(token) };
    });
    const links = made.flatMap(({ hash, deliveryIds }) => deliveryIds.map((deliveryId) => ({ hash, deliveryId })));
    await rows(tx, 'delete from joint_unsubscribe_link where token_sha256 = any($1::bytea[])', [
      made.map(({ hash }) => hash),
    ]);
    await rows(
      tx,
      `insert into joint_unsubscribe_link (token_sha256, delivery_id) select * from unnest($1::bytea[], $2::uuid[])`,
      [links.map(({ hash }) => hash), links.map(({ deliveryId }) => deliveryId)],
    );
    return new Map(made.map(({ id, token }) => [id, `${this.address.url}/u/${token}`]));
  }

  /** Links that are asked about at the same moment are looked up together. */
  resolve(token: string): Promise<LinkIdentity | undefined> {
    return this.lookUps.do(token);
  }

  private async resolveAll(tokens: readonly string[]): Promise<(LinkIdentity | undefined)[]> {
    const now = this.clock.now();
    const { pool } = this.transactions;
    const hashes = tokens.map(tokenHash);
    const found: (LinkIdentity | undefined)[] = tokens.map(() => undefined);
    for (const one of await preparedRows<LinkRow>(pool, RESOLVE, [hashes, now]))
      found[one.nth - 1] = linkIdentity(one, now);
    const others = tokens.flatMap((_, index) => (found[index] ? [] : [index]));
    if (others.length === 0) return found;
    const joint = await preparedRows<LinkRow>(pool, RESOLVE_JOINT, [others.map((index) => hashes[index]), now]);
    for (const [nth, index] of others.entries())
      found[index] = jointIdentity(
        joint.filter((one) => one.nth === nth + 1),
        now,
      );
    return found;
  }
}

function jointIdentity(together: readonly LinkRow[], now: Date): LinkIdentity | undefined {
  const first = together.find(({ state }) => state === 'live') ?? together[0];
  if (!first) return undefined;
  const others = together.filter((one) => one !== first).map((one) => one.delivery_id);
  return linkIdentity(first, now, others);
}

export function linkIdentity(found: LinkRow, now: Date, others: readonly string[] = []): LinkIdentity {
  const { state } = found;
  const isAskable =
    (state === 'expired' || state === 'replaced') && found.expires_at !== null && now >= found.expires_at;
  return {
    deliveryId: found.delivery_id,
    others,
    platformId: found.platform_id,
    purpose: found.purpose,
    state,
    expiresAt: state === 'replaced' ? found.ended_at : found.expires_at,
    moreTime:
      isAskable && found.purpose === 'share' ? { askedAt: found.more_time_asked_at, timeZone: found.time_zone } : null,
    contact: { name: found.contact_name, email: found.contact_email },
    languages: { person: found.person_language, platform: found.platform_language },
  };
}
