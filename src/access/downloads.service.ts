// Downloads with the Data Mover: started, progress, completed (whole or which part), failed. A download that began
// before the link expired may go on for a while, never after a revocation.

import { Inject, Injectable, Logger } from '@nestjs/common';
import type { LinkIdentity } from '../auth/index.js';
import { LinkGone } from '../auth/index.js';
import { row, rows, Transactions, type Tx } from '../database/index.js';
import { decideContinuation, type DeliveryFacts, TRANSFER_GRACE_MS } from '../deliveries/index.js';
import { NotFound } from '../http/index.js';
import { isId } from '../ids/index.js';
import { MailDispatcher } from '../mail/index.js';
import { isMediafluxError } from '../mediaflux/index.js';
import { type ClientCredential, ScopedCredentials } from '../shares/index.js';
import { Clock } from '../time/index.js';
import { DownloadComplete, NotAsRecorded } from './access.errors.js';
import { isCounting } from './access.rules.js';
import { AccessStore, holdDeliveries } from './access.store.js';
import type { CompleteDownload, DownloadProgress, FetchedFiles } from './access.schema.js';
import { DownloadStartsStore } from './download-starts.store.js';
import { FetchedPartsStore } from './fetched-parts.store.js';
import { admit, admitAgain, refuse } from './link-admission.js';
import { ClientJudge } from './clients/client-judge.js';
import type { RequestingClient } from './clients/requesting-client.js';
import { SharedDataService } from './shared-data.service.js';

interface DownloadRow {
  id: string;
  state: 'started' | 'completed' | 'failed';
  last_progress_at: Date;
}

@Injectable()
export class DownloadsService {
  private readonly logger = new Logger('access');

  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(SharedDataService) private readonly data: SharedDataService,
    @Inject(DownloadStartsStore) private readonly starts: DownloadStartsStore,
    @Inject(FetchedPartsStore) private readonly parts: FetchedPartsStore,
    @Inject(ScopedCredentials) private readonly credentials: ScopedCredentials,
    @Inject(AccessStore) private readonly access: AccessStore,
    @Inject(ClientJudge) private readonly judge: ClientJudge,
    @Inject(MailDispatcher) private readonly mails: MailDispatcher,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** The same key again: the same download, with a fresh credential. @throws DownloadComplete */
  async start(
    link: LinkIdentity,
    requesting: RequestingClient,
    idempotencyKey: string | undefined,
  ): Promise<{ id: string; mediaflux: ClientCredential; warnings: string[] }> {
    const facts = await this.data.factsFor(link, 'data-mover');
    const now = this.clock.now();
    const { id, isNew } = await this.transactions.run((tx) => this.starts.begin(tx, facts, idempotencyKey, now));
    const mediaflux = await this.issue(link, facts, id, isNew).catch(async (error: unknown) => {
      if (isNew) await this.starts.failed(this.transactions.pool, id, now);
      throw error;
    });
    await this.transactions.run(async (tx) => {
      const { client, details } = await this.judge.judge(tx, facts.id, requesting, now);
      if (!isNew && (await this.starts.isRecorded(tx, facts, id))) return;
      await this.access.record(tx, facts, {
        method: 'data-mover',
        phase: 'started',
        counts: false,
        at: now,
        details: { downloadId: id, ...details },
        client,
      });
    });
    return { id, mediaflux, warnings: [] };
  }

  async credential(link: LinkIdentity, id: string): Promise<{ mediaflux: ClientCredential }> {
    return { mediaflux: await this.issue(link, await this.data.facts(link), id, false) };
  }

  /** Saying the same again is no progress. */
  async progress(link: LinkIdentity, id: string, report: DownloadProgress): Promise<void> {
    const facts = await this.data.facts(link);
    await this.transactions.run(async (tx) => {
      await this.running(tx, link, facts, id);
      await rows(
        tx,
        `update download
            set files = greatest(files, $2), bytes = greatest(bytes, $3), reported_files = $5, reported_bytes = $6,
                last_progress_at = case when (reported_files, reported_bytes) = ($5::bigint, $6::bigint)
                                        then last_progress_at else $4 end
          where id = $1
            and state = 'started'`,
        [
          id,
          Math.min(report.files, facts.files),
          Math.min(report.bytes, facts.bytes),
          this.clock.now(),
          report.files,
          report.bytes,
        ],
      );
    });
  }

  /** Some of the files that it has fetched, for a part whose paths are too many for one completion. @throws NotAsRecorded */
  async fetched(link: LinkIdentity, id: string, { paths }: FetchedFiles): Promise<void> {
    const facts = await this.data.facts(link);
    await this.transactions.run(async (tx) => {
      const download = await this.running(tx, link, facts, id);
      if (download.state === 'completed') return;
      await this.parts.add(tx, facts, id, paths);
      await rows(tx, 'update download set last_progress_at = $2 where id = $1', [id, this.clock.now()]);
    });
  }

  /** Saying it again changes nothing. @throws NotAsRecorded what is said to be fetched is not what there is */
  async complete(
    link: LinkIdentity,
    id: string,
    report: CompleteDownload,
    requesting: RequestingClient,
  ): Promise<void> {
    const facts = await this.data.facts(link);
    await this.transactions.run(async (tx) => {
      const now = this.clock.now();
      const { client, isScanner, details } = await this.judge.judge(tx, facts.id, requesting, now);
      // Before anything of its download or credentials, in the order of a revocation; and of two parts that are
      // completed at once the second finds the first.
      await holdDeliveries(tx, facts);
      const download = await this.running(tx, link, facts, id);
      if (download.state === 'completed') return;
      if (report.whole && (report.files !== facts.files || report.bytes !== facts.bytes)) {
        throw new NotAsRecorded(
          `The data are ${facts.files} files of ${facts.bytes} bytes, not ${report.files} of ${report.bytes}; fetch what is missing.`,
        );
      }
      if (!report.whole) await this.parts.add(tx, facts, id, report.paths);
      await rows(
        tx,
        `update download
            set state = 'completed', whole = $2, last_progress_at = $4, ended_at = $4,
                files = coalesce($3, (select count(distinct path) from download_fetched where download_id = $1))
          where id = $1`,
        [id, report.whole, report.whole ? facts.files : null, now],
      );
      await this.credentials.requestEndOfDownload(tx, id);
      const isWhole = report.whole || (await this.parts.areAll(tx, facts));
      await this.access.record(tx, facts, {
        method: 'data-mover',
        phase: 'completed',
        counts: isCounting('data-mover', 'completed', isWhole, facts.partialCounts) && !isScanner,
        at: now,
        details: { downloadId: id, whole: report.whole, ...details },
        client,
      });
    });
    await this.mails.kick();
    await this.destroyCredentials(facts);
  }

  async fail(link: LinkIdentity, id: string, reason: string, requesting: RequestingClient): Promise<void> {
    const facts = await this.data.facts(link);
    await this.transactions.run(async (tx) => {
      const now = this.clock.now();
      const { client, details } = await this.judge.judge(tx, facts.id, requesting, now);
      await holdDeliveries(tx, facts);
      const download = await this.running(tx, link, facts, id);
      if (download.state !== 'started') return;
      await rows(tx, `update download set state = 'failed', ended_at = $2 where id = $1`, [id, now]);
      await this.credentials.requestEndOfDownload(tx, id);
      await this.access.record(tx, facts, {
        method: 'data-mover',
        phase: 'failed',
        counts: false,
        at: now,
        details: { downloadId: id, ...details },
        remark: reason,
        client,
      });
    });
    await this.destroyCredentials(facts);
  }

  /** The download of this link, if it may still go on. @throws NotFound, LinkGone */
  private async running(tx: Tx, link: LinkIdentity, facts: DeliveryFacts, id: string): Promise<DownloadRow> {
    const download = isId(id)
      ? await row<DownloadRow>(
          tx,
          'select id, state, last_progress_at from download where id = $1 and delivery_id = $2 for update',
          [id, facts.id],
        )
      : undefined;
    if (!download) throw new NotFound('download behind this link');
    const graceEnds = (link.expiresAt?.getTime() ?? Infinity) + TRANSFER_GRACE_MS;
    if (link.state !== 'live' && this.clock.now().getTime() >= graceEnds)
      throw new LinkGone(link.contact, link.languages, link.moreTime);
    return download;
  }

  /** A credential for a download that may go on; one that broke off is taken up again. @throws LinkGone, DownloadComplete */
  private issue(
    link: LinkIdentity,
    facts: DeliveryFacts,
    downloadId: string,
    isNew: boolean,
  ): Promise<ClientCredential> {
    const { uploadId, id: deliveryId, dataNamespace: namespace, timeZone } = facts;
    const share = { uploadId, deliveryId, downloadId, namespace, timeZone };
    const admission = async (tx: Tx) => {
      const now = this.clock.now();
      await (isNew ? admit(tx, link, now) : admitAgain(tx, link));
      const download = await this.running(tx, link, facts, downloadId);
      const transfer = { state: download.state, lastProgressAt: download.last_progress_at };
      const decision = decideContinuation(transfer, link.expiresAt, now);
      if (decision.mayGoOn) {
        await rows(tx, `update download set state = 'started', ended_at = null where id = $1 and state = 'failed'`, [
          downloadId,
        ]);
        return { notAfter: decision.notAfter };
      }
      if (decision.because === 'completed') throw new DownloadComplete();
      throw new LinkGone(link.contact, link.languages, link.moreTime);
    };
    return this.credentials
      .issue('download', share, admission)
      .catch((error: unknown) => refuse(this.transactions.pool, link, error, this.clock.now()));
  }

  /** Of a download that has ended; another one of the same delivery keeps its own. */
  private async destroyCredentials(facts: DeliveryFacts): Promise<void> {
    await this.credentials.finishEnding(facts.id, facts.dataNamespace).catch((error: unknown) => {
      if (!isMediafluxError(error)) throw error;
      this.logger.warn(
        { deliveryId: facts.id },
        'The credentials of a download that has ended are destroyed as soon as Mediaflux can be reached.',
      );
    });
  }
}
