// Makes, changes and shows platforms. The Mediaflux side is checked before anything is stored.

import { Inject, Injectable } from '@nestjs/common';
import { AuditStore } from '../audit/index.js';
import { Transactions } from '../database/index.js';
import { earlierResult, NotFound, type PageQuery } from '../http/index.js';
import { Ids, isId } from '../ids/index.js';
import { Clock, durationMs } from '../time/index.js';
import { NamespaceCheck } from './namespace-check.js';
import { NO_MAIL_TEXTS } from './mail-texts.rules.js';
import type { Platform } from './platform.js';
import { PlatformChanges } from './platform-changes.js';
import { platformView } from './platform-view.js';
import type { ChangePlatform, CreatePlatform } from './platforms.schema.js';
import { changedSettings, policyOf } from './reminder-policy/reminder-policy.js';
import { PolicyVersionsStore } from './reminder-policy/policy-versions.store.js';
import { usualSchedule } from './reminder-policy/usual-schedule.rules.js';
import { PlatformsStore } from './platforms.store.js';

@Injectable()
export class PlatformsService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(PlatformsStore) private readonly platforms: PlatformsStore,
    @Inject(PolicyVersionsStore) private readonly policies: PolicyVersionsStore,
    @Inject(NamespaceCheck) private readonly namespaces: NamespaceCheck,
    @Inject(AuditStore) private readonly audit: AuditStore,
    @Inject(PlatformChanges) private readonly changes: PlatformChanges,
    @Inject(Ids) private readonly ids: Ids,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async create(request: CreatePlatform, idempotencyKey: string | undefined) {
    await this.namespaces.run(request.namespace);
    const now = this.clock.now();
    const { reminders, mail, ...rest } = request;
    const made: Platform = {
      ...rest,
      mail: { ...NO_MAIL_TEXTS, ...mail },
      id: this.ids.next(),
      reminders: {
        ...reminders,
        schedule: reminders.schedule ?? usualSchedule(durationMs(request.linkLifetime)),
        enabledAt: reminders.enabled ? now : null,
      },
      reminderPolicyVersion: 1,
      createdAt: now,
      updatedAt: now,
    };
    const id = await this.transactions.run(async (tx) => {
      const earlier = await earlierResult(tx, { scope: 'platforms', key: idempotencyKey, request }, made.id);
      if (earlier !== undefined) return earlier;
      await this.platforms.insert(tx, made);
      await this.policies.append(tx, { platformId: made.id, version: 1, actor: 'admin', after: policyOf(made) });
      await this.audit.record(tx, {
        actor: 'admin',
        action: 'platform.created',
        subjectKind: 'platform',
        subjectId: made.id,
        after: recorded(made),
      });
      return made.id;
    });
    await this.changes.announce(id);
    return this.get(id);
  }

  async change(id: string, request: ChangePlatform) {
    const former = await this.found(id);
    if (request.namespace !== undefined && request.namespace !== former.namespace)
      await this.namespaces.run(request.namespace);
    const now = this.clock.now();
    await this.transactions.run(async (tx) => {
      const before = await this.platforms.find(tx, id, true);
      if (!before) throw new NotFound('platform');
      const after = changed(before, request, now);
      await this.platforms.update(tx, after);
      if (after.reminderPolicyVersion !== before.reminderPolicyVersion)
        await this.policies.append(tx, {
          platformId: id,
          version: after.reminderPolicyVersion,
          actor: 'admin',
          before: policyOf(before),
          after: policyOf(after),
        });
      await this.audit.record(tx, {
        actor: 'admin',
        action: 'platform.changed',
        subjectKind: 'platform',
        subjectId: id,
        before: recorded(before),
        after: recorded(after),
      });
    });
    await this.changes.announce(id);
    return this.get(id);
  }

  async get(id: string) {
    return platformView(await this.found(id), this.clock.now());
  }

  async list(query: PageQuery) {
    const page = await this.platforms.list(this.transactions.pool, query);
    const now = this.clock.now();
    return { ...page, items: page.items.map((platform) => platformView(platform, now)) };
  }

  private async found(id: string): Promise<Platform> {
    const platform = isId(id) ? await this.platforms.find(this.transactions.pool, id) : undefined;
    if (!platform) throw new NotFound('platform');
    return platform;
  }
}

function changed(before: Platform, request: ChangePlatform, now: Date): Platform {
  const after = { ...before, ...request, mail: { ...before.mail, ...request.mail }, updatedAt: now };
  return { ...after, ...changedSettings(before, after, request.reminders ?? {}, now) };
}

/** What the audit keeps: the public contact's address stands in the platform's own row only. */
const recorded = (platform: Platform): Record<string, unknown> => ({
  ...platform,
  contact: { name: platform.contact.name },
});
