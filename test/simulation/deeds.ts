// Does what happens: in the database, by the product's own parts that record it, and in the model. What is not possible
// at its moment does not happen: nobody fetches by a link that has ended.

import { AccessStore } from '../../src/access/access.store.js';
import { rows, type Transactions, type Tx } from '../../src/database/index.js';
import {
  DeliveriesStore,
  DeliveryLinks,
  markDelivery,
  UndeliverableDeliveries,
  unmarkDelivery,
} from '../../src/deliveries/index.js';
import { Ids } from '../../src/ids/index.js';
import { PersonsStore } from '../../src/persons/index.js';
import { Chance } from './chance.js';
import { DAY, type Happening, sequel } from './history.js';
import { cronOf } from './local-time.js';
import { addFact, type DeliveryModel, type Policy, type PlatformModel, stateBefore } from './model.js';
import type { Scene } from './scene.js';
import { ADDRESS } from './server.js';

type Deed = Exclude<Happening, { kind: 'policy' | 'data-gone' }>;

export class Deeds {
  private readonly deliveries: DeliveriesStore;
  private readonly access: AccessStore;
  private readonly undeliverable: UndeliverableDeliveries;
  /** Uploads whose data are no longer in Mediaflux, and since when. */
  readonly goneSince = new Map<string, number>();

  constructor(
    transactions: Transactions,
    private readonly scene: Scene,
    private readonly onHandedOver: (delivery: DeliveryModel) => void,
  ) {
    const ids = new Ids();
    const links = new DeliveryLinks(scene.keys, ADDRESS, transactions, scene.clock);
    this.deliveries = new DeliveriesStore(ids, links, ADDRESS, scene.clock);
    this.access = new AccessStore(ids, this.deliveries);
    this.undeliverable = new UndeliverableDeliveries(this.deliveries, new PersonsStore(ids));
  }

  async happen(tx: Tx, happening: Happening): Promise<void> {
    if (happening.kind === 'policy') throw new Error('Policies are for the world to change.');
    if (happening.kind === 'data-gone') {
      if (!this.goneSince.has(happening.uploadId)) this.goneSince.set(happening.uploadId, happening.at);
      return;
    }
    const { delivery, at } = happening;
    const state = stateBefore(delivery, at);
    const isDead = state.revoked || state.gone;
    const isLive = !isDead && state.expiresAt !== null && at < state.expiresAt;
    const when = new Date(at);
    switch (happening.kind) {
      case 'handed-over':
        if (isDead || state.handedOverAt !== null) return;
        return this.handOver(tx, happening);
      case 'viewed':
        if (!isLive) return;
        await this.access.add(tx, accessed(delivery), { method: 'page', phase: 'viewed', counts: false, at: when });
        break;
      case 'accessed':
        if (!isLive) return;
        await this.access.record(tx, accessed(delivery), {
          method: 'direct',
          phase: 'attempted',
          counts: true,
          at: when,
        });
        break;
      case 'transfer-started':
      case 'transfer-progressed':
      case 'transfer-completed':
      case 'transfer-failed':
        if (isDead || (happening.kind === 'transfer-started' ? !isLive : !state.transfers.has(happening.transfer ?? 0)))
          return;
        await this.transfer(tx, happening, when);
        break;
      case 'done':
      case 'opted-out':
        if (isDead || state.handedOverAt === null) return;
        await markDelivery(tx, delivery.id, happening.kind === 'done' ? 'done_at' : 'opted_out_at', when);
        break;
      case 'undone':
      case 'opted-in':
        await unmarkDelivery(tx, delivery.id, happening.kind === 'undone' ? 'done_at' : 'opted_out_at');
        break;
      case 'undeliverable':
        if (isDead || state.handedOverAt === null) return;
        await this.undeliverable.mark(tx, delivery.id, when);
        break;
      case 'revoked':
        if (isDead) return;
        await markDelivery(tx, delivery.id, 'revoked_at', when);
        break;
      case 'extended':
        if (isDead || state.expiresAt === null) return;
        return this.extend(tx, happening, isLive);
      default:
        throw new Error(`Nobody does ${happening.kind}.`);
    }
    addFact(delivery, factOf(happening));
  }

  private async handOver(tx: Tx, happening: Deed): Promise<void> {
    const { delivery, at } = happening;
    const expiresAt = at + delivery.platform.lifetime;
    await this.deliveries.handedOver(tx, [{ id: delivery.id, at: new Date(at), expiresAt: new Date(expiresAt) }]);
    this.recordHandOver(delivery, at, expiresAt);
  }

  recordHandOver(delivery: DeliveryModel, at: number, expiresAt: number): void {
    addFact(delivery, { at, kind: 'handed-over', expiresAt });
    this.onHandedOver(delivery);
    const chance = new Chance(
      this.scene.options.seed ^ Math.imul(delivery.number + 1, 0x9e3779b1) ^ delivery.facts.length,
    );
    for (const next of sequel(chance, delivery, at, expiresAt)) this.scene.future.add(next);
  }

  /** From now on; what has expired gets a new link and a mail, which the servers send. */
  private async extend(tx: Tx, { delivery, at, lifetime = DAY }: Deed, isLive: boolean): Promise<void> {
    const text = `P${lifetime / DAY}D`;
    if (!isLive) {
      await this.deliveries.renewLink(tx, delivery.id, text);
      addFact(delivery, { at, kind: 'renewed' });
      return;
    }
    const expiresAt = at + lifetime;
    await this.deliveries.extend(tx, delivery.id, text, new Date(expiresAt));
    addFact(delivery, { at, kind: 'extended', expiresAt });
  }

  private async transfer(tx: Tx, { delivery, kind, transfer = 0 }: Deed, at: Date): Promise<void> {
    const isCopy = transfer % 2 === 1;
    const id = `00000000-0000-4000-8000-${transfer.toString(16).padStart(12, '0')}`;
    if (kind === 'transfer-started') {
      await rows(
        tx,
        isCopy
          ? `insert into content_copy (id, delivery_id, state, destination, requested_at, last_progress_at)
             values ($1, $2, 'requested', '/projects/proj-own', $3, $3)`
          : `insert into download (id, delivery_id, state, started_at, last_progress_at) values ($1, $2, 'started', $3, $3)`,
        [id, delivery.id, at],
      );
      return;
    }
    const table = isCopy ? 'content_copy' : 'download';
    const state = { progressed: isCopy ? 'copying' : 'started', completed: 'completed', failed: 'failed' };
    const phase = kind.slice('transfer-'.length) as keyof typeof state;
    await rows(tx, `update ${table} set state = $2, last_progress_at = $3 where id = $1`, [id, state[phase], at]);
    if (phase === 'completed')
      await this.access.record(tx, accessed(delivery), {
        method: isCopy ? 'copy' : 'data-mover',
        phase: 'completed',
        counts: true,
        at,
      });
  }

  /** The platform's settings as the policy says, and the version of it. */
  static async setPolicy(tx: Tx, platform: PlatformModel, policy: Policy): Promise<void> {
    const iso = (milliseconds: number): string => `PT${milliseconds / 3_600_000}H`;
    const version = platform.policies.indexOf(policy) + 1;
    const settings = {
      enabled: policy.enabled,
      schedule: cronOf(policy.rhythm),
      minimumAge: iso(policy.minimumAge),
      minimumSpacing: iso(policy.minimumSpacing),
      maxReminders: policy.maximum,
      quietHours: policy.quietHours,
      closedDays: policy.closedDays,
      digest: policy.digest,
    };
    await rows(
      tx,
      `update platform
          set time_zone = $2, reminders_enabled = $3, reminders_enabled_at = $4, reminder_schedule = $5,
              reminder_minimum_age = $6, reminder_minimum_spacing = $7, reminder_maximum = $8, reminder_quiet_hours = $9,
              reminder_closed_days = $10, reminder_policy_version = $11, reminder_digest = $12
        where id = $1`,
      [
        platform.id,
        policy.zone,
        policy.enabled,
        policy.enabled ? new Date(policy.enabledSince) : null,
        settings.schedule,
        settings.minimumAge,
        settings.minimumSpacing,
        settings.maxReminders,
        settings.quietHours,
        settings.closedDays,
        version,
        settings.digest,
      ],
    );
    await rows(
      tx,
      `insert into reminder_policy_version (id, platform_id, version, actor, after)
       values (gen_random_uuid(), $1, $2, 'admin', $3)`,
      [platform.id, version, { timeZone: policy.zone, ...settings }],
    );
  }
}

const accessed = ({ id, platform, uploadId, personId }: DeliveryModel) => ({
  id,
  platformId: platform.id,
  uploadId,
  personId,
  notifyOnAccess: false,
});

const factOf = ({ at, kind, transfer, note }: Deed) => ({ at, kind, transfer, note });
