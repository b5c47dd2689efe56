// The dry check: tells a form what is wrong with an upload before any byte moves. Nothing is counted or made.

import { Inject, Injectable } from '@nestjs/common';
import type { ShareableIdentity } from '../../auth/index.js';
import { Transactions } from '../../database/index.js';
import { fieldFaults, InvalidFields, NotFound } from '../../http/index.js';
import { findPlatform, folderName } from '../../platforms/index.js';
import { ShareableCallers, ShareableLimitsService, ShareablesStore } from '../../shares/index.js';
import { clientTimeOf, Clock, clockSkewSeconds } from '../../time/index.js';
import { startWarnings } from './upload-warnings.rules.js';
import { limitQuestion, questionOfParts, startUpload } from '../uploads.schema.js';

@Injectable()
export class CheckUploadService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(ShareablesStore) private readonly shareables: ShareablesStore,
    @Inject(ShareableCallers) private readonly callers: ShareableCallers,
    @Inject(ShareableLimitsService) private readonly limits: ShareableLimitsService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * @param body as it came: what is wrong with its shape is told together with what the limits say of the rest
   * @throws InvalidFields all that a start would be refused for, `passes` with what would be allowed later; ShareableRevoked
   */
  async run(identity: ShareableIdentity, body: unknown, dateHeader: string | undefined) {
    await this.callers.mustBeActive(identity);
    const { pool } = this.transactions;
    const parsed = startUpload.safeParse(body ?? {});
    const question = parsed.success ? limitQuestion(parsed.data, 1) : questionOfParts(body);
    const faults = (await this.limits.faults(pool, identity.shareableId, question)).map(
      ({ path, message, passes }) => ({ path, message, ...(passes ? { passes } : {}) }),
    );
    if (!parsed.success) throw new InvalidFields([...fieldFaults(parsed.error), ...faults]);
    const request = parsed.data;
    await this.callers.used(pool, identity, request.client);
    if (faults.length > 0) throw new InvalidFields(faults);
    const shareable = await this.shareables.find(pool, identity.shareableId);
    const platform = await findPlatform(pool, identity.platformId);
    if (!shareable || !platform) throw new NotFound('upload shareable');
    const now = this.clock.now();
    const youngestFileAt = new Date(request.youngestFileTime);
    return {
      ok: true,
      warnings: startWarnings({
        youngestFileAt,
        skewSeconds: clockSkewSeconds(clientTimeOf(request.clientTime, dateHeader), now),
        now,
      }),
      folder: folderName({
        youngestFileAt,
        timeZone: platform.timeZone,
        shareableNumber: shareable.number,
        useNumber: null,
        platformSuffix: platform.folderSuffix,
        userSuffix: request.name,
      }),
    };
  }
}
