// What the mail with the links would say with a platform's texts, present or proposed, about data that do not exist.

import { Inject, Injectable } from '@nestjs/common';
import { Transactions } from '../database/index.js';
import { NotFound, PublicAddress } from '../http/index.js';
import { isId } from '../ids/index.js';
import { findPlatform, type Platform } from '../platforms/index.js';
import { Clock, durationMs } from '../time/index.js';
import type { MailPreview } from './deliveries.schema.js';
import type { DeliveryFacts } from './delivery-facts.js';
import { dispatchLetter } from './dispatch-letter.js';

const SAMPLE_ID = '00000000-0000-7000-8000-000000000000';
const SAMPLE_TOKEN = 'SAMPLE-that-opens-nothing';

@Injectable()
export class MailPreviewService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(PublicAddress) private readonly address: PublicAddress,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async run(platformId: string, request: MailPreview) {
    const platform = isId(platformId) ? await findPlatform(this.transactions.pool, platformId) : undefined;
    if (!platform) throw new NotFound('platform');
    const now = this.clock.now();
    const facts = sampleOf(platform, request, now);
    const how = { url: `${this.address.url}/s/${SAMPLE_TOKEN}`, token: SAMPLE_TOKEN, server: this.address.url };
    const expiresAt = new Date(now.getTime() + durationMs(platform.linkLifetime));
    const { subject, text, html } = dispatchLetter(facts, how, expiresAt, now);
    return { subject, text, html };
  }
}

function sampleOf(platform: Platform, request: MailPreview, now: Date): DeliveryFacts {
  return {
    id: SAMPLE_ID,
    uploadId: SAMPLE_ID,
    platformId: platform.id,
    personId: SAMPLE_ID,
    recipient: 'robin@example.org',
    ordinal: 0,
    linkLifetime: platform.linkLifetime,
    linkGeneration: 0,
    linkKeyId: '',
    handedOverAt: null,
    expiresAt: null,
    accessedAt: null,
    doneAt: null,
    optedOutAt: null,
    undeliverableAt: null,
    goneAt: null,
    revokedAt: null,
    createdAt: now,
    isHeld: false,
    folder: '2026-03-01_09.00.00-1-1-sample',
    dataNamespace: platform.namespace,
    manifestId: SAMPLE_ID,
    files: 120,
    bytes: 3_200_000_000,
    keywords: ['sample'],
    note: null,
    namesNotForWindows: 0,
    operatorName: 'Robin Sample',
    uploadedAt: now,
    shareableId: null,
    operatorPersonId: null,
    expiryEdition: 0,
    platform: platform.name,
    mailTexts: { ...platform.mail, ...request.mail },
    languages: { person: request.language ?? null, platform: platform.language },
    timeZone: platform.timeZone,
    methods: platform.methods,
    contactName: platform.contact.name,
    contactEmail: platform.contact.email,
    directLimitBytes: platform.directLimitBytes,
    copyPasswords: platform.copyPasswords,
    notifyOnAccess: platform.notifyOnAccess,
    partialCounts: platform.partialCounts,
    sendsReminders: platform.reminders.enabled,
  };
}
