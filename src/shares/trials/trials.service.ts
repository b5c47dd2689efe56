// A Data Mover tries its connection: it gets a folder of its own in the platform's project, and a credential that reaches
// that folder only and lives minutes. Nothing is counted as a use or an upload. What a crash leaves, on either side, is
// swept like every credential that has ended.

import { Inject, Injectable, Logger } from '@nestjs/common';
import type { ShareableIdentity } from '../../auth/index.js';
import { Transactions, type Tx } from '../../database/index.js';
import { earlierResult, NotFound, Unavailable } from '../../http/index.js';
import { Ids, isId } from '../../ids/index.js';
import { redact } from '../../logging/index.js';
import { isMediafluxError, type MediafluxError, trialFolder } from '../../mediaflux/index.js';
import { findPlatform, whileAway } from '../../platforms/index.js';
import { clientTimeOf, Clock, clockSkewSeconds, clockWarning } from '../../time/index.js';
import { type ClientCredential, ScopedCredentials, type TrialShare } from '../scoped-credentials.js';
import { ShareableCallers } from '../shareable-callers.js';
import { ShareEnded } from '../shares.errors.js';
import { SharesMediaflux } from '../shares-mediaflux.js';
import { PlatformNotReady, TooManyTrials } from './trials.errors.js';
import type { OpenTrial } from './trials.schema.js';
import { TrialsStore } from './trials.store.js';

const LIFE_SECONDS = 300;
/** One shareable may stand on several computers; a stolen token must not fill Mediaflux with folders. */
const MOST_AT_ONCE = 4;
const MOST_AN_HOUR = 60;
const TRY_SOON_SECONDS = 10;

@Injectable()
export class TrialsService {
  private readonly logger = new Logger('shares');

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(TrialsStore) private readonly trials: TrialsStore,
    @Inject(ShareableCallers) private readonly callers: ShareableCallers,
    @Inject(ScopedCredentials) private readonly credentials: ScopedCredentials,
    @Inject(SharesMediaflux) private readonly mediaflux: SharesMediaflux,
    @Inject(Ids) private readonly ids: Ids,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * @param dateHeader of the request, the client's time where the body does not tell it
   * @throws ShareableRevoked; TooManyTrials; PlatformNotReady the server may not work there; Unavailable Mediaflux is away
   */
  async open(
    shareable: ShareableIdentity,
    request: OpenTrial,
    idempotencyKey: string | undefined,
    dateHeader: string | undefined,
  ) {
    await this.callers.mustBeActive(shareable);
    const skewSeconds = clockSkewSeconds(clientTimeOf(request.clientTime, dateHeader), this.clock.now());
    await this.callers.used(this.transactions.pool, shareable, request.client);
    const { trial, credentialId } = await this.transactions.run((tx) =>
      this.record(tx, shareable, request, idempotencyKey),
    );
    const mediaflux = await this.make(trial, credentialId).catch(async (error: unknown) => {
      // Whoever has a key comes back for the same trial; of all others nothing is waited for.
      if (idempotencyKey === undefined) await this.endSoon(trial.trialId, trial.namespace);
      throw error;
    });
    const warning = clockWarning(skewSeconds);
    return {
      id: trial.trialId,
      mediaflux,
      clientClockSkewSeconds: skewSeconds,
      warnings: warning === undefined ? [] : [warning],
    };
  }

  /** Ends a trial of this shareable, again if need be. @throws NotFound; Unavailable it ends as soon as it can */
  async end(shareable: ShareableIdentity, trialId: string): Promise<void> {
    const { pool } = this.transactions;
    const trial = isId(trialId) ? await this.trials.find(pool, shareable.shareableId, trialId) : undefined;
    if (!trial) throw new NotFound('trial of this shareable');
    await this.credentials.end(trialId, trial.namespace).catch((error: unknown) => {
      throw isMediafluxError(error) ? notEndedYet(error) : error;
    });
  }

  /** A shareable was revoked, and what it runs must stop. */
  async endAllOf(shareableId: string): Promise<void> {
    for (const { id, namespace } of await this.trials.running(this.transactions.pool, shareableId))
      await this.endSoon(id, namespace);
  }

  private async record(tx: Tx, shareable: ShareableIdentity, request: OpenTrial, key: string | undefined) {
    const { shareableId, platformId } = shareable;
    await this.callers.holdActive(tx, shareable);
    const use = await this.trials.hold(tx, shareableId, LIFE_SECONDS);
    // The client's time is another at each try; what is asked for is not.
    const { clientTime: _, ...asked } = request;
    const newId = this.ids.next();
    const earlierId = await earlierResult(tx, { scope: `trials:${shareableId}`, key, request: asked }, newId);
    const trial =
      earlierId === undefined
        ? await this.newTrial(tx, newId, shareableId, platformId, use.until)
        : await this.earlierTrial(tx, earlierId, shareableId, platformId);
    if (earlierId === undefined && use.running >= MOST_AT_ONCE)
      throw new TooManyTrials(
        `${MOST_AT_ONCE} computers are trying the connection of this upload shareable just now`,
        TRY_SOON_SECONDS,
      );
    if (earlierId === undefined && use.inLastHour >= MOST_AN_HOUR)
      throw new TooManyTrials(
        `The connection of this upload shareable was tried ${MOST_AN_HOUR} times in the last hour`,
        use.secondsLeft,
      );
    return { trial, credentialId: await this.credentials.recordTrial(tx, trial) };
  }

  private async newTrial(
    tx: Tx,
    trialId: string,
    shareableId: string,
    platformId: string,
    until: Date,
  ): Promise<TrialShare> {
    const platform = await findPlatform(tx, platformId);
    if (!platform) throw new NotFound('platform');
    return {
      trialId,
      shareableId,
      namespace: trialFolder(platform.namespace, trialId),
      until,
      timeZone: platform.timeZone,
    };
  }

  private async earlierTrial(tx: Tx, trialId: string, shareableId: string, platformId: string): Promise<TrialShare> {
    const trial = await this.trials.find(tx, shareableId, trialId);
    const platform = await findPlatform(tx, platformId);
    if (trial?.until === undefined || !platform) throw new ShareEnded();
    return { trialId, shareableId, namespace: trial.namespace, until: trial.until, timeZone: platform.timeZone };
  }

  private async make(trial: TrialShare, credentialId: string): Promise<ClientCredential> {
    try {
      const found = await this.mediaflux.checkPlatformNamespace(parentOf(trial.namespace));
      if ('detail' in found) throw new PlatformNotReady(found.detail);
      return await this.credentials.issueTrial(credentialId, trial);
    } catch (error) {
      if (!isMediafluxError(error)) throw error;
      if (!isMediafluxError(error, 'not-permitted', 'not-found', 'service-error', 'store-full')) throw whileAway(error);
      throw new PlatformNotReady(
        `Mediaflux did not let the server make a test folder for this platform: ${redact(error.message)}`,
        { cause: error },
      );
    }
  }

  /** Now if Mediaflux can be reached, and by the sweep if not. */
  private async endSoon(trialId: string, namespace: string): Promise<void> {
    await this.credentials.end(trialId, namespace).catch((error: unknown) => {
      if (!isMediafluxError(error)) throw error;
      this.logger.warn({ trialId }, 'A trial of a connection ends as soon as Mediaflux can be reached.');
    });
  }
}

const parentOf = (namespace: string): string => namespace.slice(0, namespace.lastIndexOf('/'));

const notEndedYet = (cause: MediafluxError): Unavailable =>
  new Unavailable(
    'Mediaflux cannot be reached or refused; the test folder and its credential are removed by the service itself as soon as it can.',
    10,
    { cause },
  );
