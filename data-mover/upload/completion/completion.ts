// Manifest, completion, verdict; what differs is mended, a few times at most.

import { setTimeout as delay } from 'node:timers/promises';
import { type DispatchClient, FOLDER_GONE } from '../../dispatch-api/client.js';
import { Failure } from '../../failures.js';
import { gathered } from '../../journal/lines.js';
import type { SentFiles } from '../../journal/sent-files.js';
import { WaitedInVain } from '../../patience.js';
import type { Reporter } from '../../report/reporter.js';
import { duration } from '../../report/units.js';
import type { MediafluxLink } from '../../transfer/mediaflux-link.js';
import { AwaitedChecksums, WithoutChecksum } from './checksums.js';
import { Fingerprint } from '../../tree/fingerprint.js';
import type { Tree } from '../../tree/gather.js';
import type { Meanwhile } from './meanwhile.js';
import { isOurs, type SentManifest } from '../../journal/uploads/own-manifest.rules.js';
import type { Mismatch, Upload } from '../upload.types.js';

const ROUNDS = 3;
/** Answers of the server that come sooner than this are not asked for again at once; ever less often. */
const FIRST_PAUSE_MS = 40;
const LONGEST_PAUSE_MS = 5_000;
/** The server answers when it has compared, or after so long. */
const LONG_ANSWER_SECONDS = 20;

export interface CompletionSteps {
  /** Sends what the journal does not know as sent. */
  sendAgain(): Promise<void>;
  /** The server is about to be told what was sent. @throws Failure another computer has taken the upload over */
  telling(): void;
  /**
   * The server is about to be told that all is sent.
   * @param tree fingerprint of what was, which need not be what was found first
   */
  told(tree: string, manifest: SentManifest): void;
}

/** Somebody else with the same token made the upload complete. */
export class NotOurs extends Failure {
  constructor({ folder }: Upload) {
    super(
      `What the server verified and gave to people as ${folder} is not what this computer sent: another program was at that upload. These data are not safe yet. Run the same command again, which uploads them as another, and tell the administrators.`,
    );
  }
}

/** Of an upload that nobody was given yet, so that this computer, which began it, may say again what it is of. */
export const takenBack = ({ folder }: Upload): string =>
  `What the server compared as ${folder} is not what this computer sent: another program with the same token was at that upload. Nobody was given anything. This computer says again what it sent, and what is too much there is removed.`;

const contested = ({ folder }: Upload): Failure =>
  new Failure(
    `Another program with the same token is at the upload ${folder}: whenever this one had said what it sent, that one said something else. Nobody was given anything, and these data are not safe yet. Find that program (settings.xml may be on another computer too), end it, and run the same command again, which goes on with this upload; data-mover upload --again gives it up and sends these data as another.`,
  );

export class Completion {
  constructor(
    private readonly client: DispatchClient,
    private readonly sent: SentFiles,
    private readonly tree: Tree,
    private readonly meanwhile: Meanwhile,
    private readonly reporter: Reporter,
  ) {}

  /** @throws NotOurs what the server verified is not what this run sent; Failure it is not complete, and why */
  async run(link: MediafluxLink, uploadId: string, steps: CompletionSteps): Promise<Upload> {
    const checksums = new AwaitedChecksums(this.client.options, this.reporter);
    let manifest = await this.tellManifest(uploadId, steps);
    for (let round = 1, others = 1; ;) {
      await this.client.call('POST', `/api/v1/uploads/${uploadId}/complete`);
      this.reporter.verifying();
      const upload = await this.verdictAndLook(uploadId);
      if (upload.state === 'complete' && !isOurs(upload, manifest)) throw new NotOurs(upload);
      if (upload.state !== 'mismatch') return upload;
      if (!isOurs(upload, manifest)) {
        if (others >= ROUNDS) throw contested(upload);
        others += 1;
        this.reporter.waits(takenBack(upload));
        manifest = await this.tellManifest(uploadId, steps);
        continue;
      }
      const { different, withoutSum } = await this.mend(link, uploadId, round >= ROUNDS);
      if (different === 0 && withoutSum.files > 0) await checksums.wait(withoutSum);
      else {
        round += 1;
        await steps.sendAgain();
        manifest = await this.tellManifest(uploadId, steps);
      }
    }
  }

  private async tellManifest(uploadId: string, steps: CompletionSteps): Promise<SentManifest> {
    steps.telling();
    let sent = new Fingerprint();
    let totals = { files: 0, bytes: 0 };
    const id = await this.client.sendManifest(`/api/v1/uploads/${uploadId}/manifest`, () => {
      // Each try tells it from its start.
      sent = new Fingerprint();
      totals = { files: 0, bytes: 0 };
      return gathered(this.manifest(sent, totals));
    });
    const manifest = { id, ...totals };
    steps.told(sent.digest(), manifest);
    return manifest;
  }

  /** Nothing goes on reading the disk after the end, however it ends. */
  private async verdictAndLook(uploadId: string): Promise<Upload> {
    const [verdict, look] = await Promise.allSettled([verdictOf(this.client, uploadId), this.meanwhile.look()]);
    if (verdict.status === 'rejected') throw verdict.reason;
    if (look.status === 'rejected') throw look.reason;
    return verdict.value;
  }

  /** @throws Failure it was tried often enough */
  private async mend(link: MediafluxLink, uploadId: string, isLast: boolean) {
    let different = 0;
    const withoutSum = new WithoutChecksum();
    for await (const { path, problem } of this.client.items<Mismatch>(`/api/v1/uploads/${uploadId}/mismatches`)) {
      if (problem === 'unverifiable' && (await withoutSum.isOne(link, path))) continue;
      different += 1;
      if (isLast) this.reporter.error(`not as it should be in Mediaflux: ${problem}`, path);
      else await this.mendOne(link, path, problem);
    }
    if (isLast && (different > 0 || withoutSum.files === 0))
      throw new Failure(
        `${different} ${different === 1 ? 'file differs' : 'files differ'} from what Mediaflux holds; the upload is not complete. Run the same command again; if it stays so, tell the administrators.`,
      );
    return { different, withoutSum };
  }

  private async mendOne(link: MediafluxLink, path: string, problem: Mismatch['problem']): Promise<void> {
    this.reporter.note(`found by the server: ${problem}`, path);
    if (problem === 'unexpected') await link.destroy(path);
    else this.sent.forget(path);
  }

  private *manifest(fingerprint: Fingerprint, totals: Omit<SentManifest, 'id'>): Generator<string> {
    for (const entry of this.tree.list.entries()) {
      if ('emptyFolder' in entry) {
        fingerprint.emptyFolder(entry.emptyFolder);
        yield JSON.stringify({ path: `${entry.emptyFolder}/`, type: 'directory' });
      } else {
        const sent = this.sent.latest(entry.path);
        if (!sent) throw new Failure('it was not sent', 1, entry.path);
        fingerprint.file(sent);
        totals.files += 1;
        totals.bytes += sent.size;
        yield JSON.stringify({ path: sent.path, size: sent.size, crc32: sent.crc32, mtime: timeOf(sent.modifiedMs) });
      }
    }
  }
}

/**
 * Waits until the server has compared; it goes on by itself for as long as that takes, and what keeps it from it is told
 * once.
 * @throws WaitedInVain for as long as a server that is away is waited for; Failure its folder is gone, so that no waiting
 *   helps
 */
export async function verdictOf(client: DispatchClient, uploadId: string): Promise<Upload> {
  const { options } = client;
  const { signal, giveUpAfterMs } = options;
  const start = performance.now();
  let told: string | undefined;
  let mayWaitLong = true;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.1, LONGEST_PAUSE_MS)) {
    const asked = performance.now();
    const leftSeconds = Math.floor((giveUpAfterMs - (asked - start)) / 1_000);
    let tries = 0;
    const preferring = (): Record<string, string> => {
      tries += 1;
      // Something on the way may cut off who waits silently.
      if (tries > 1) mayWaitLong = false;
      return mayWaitLong && leftSeconds > 0 ? { prefer: `wait=${Math.min(LONG_ANSWER_SECONDS, leftSeconds)}` } : {};
    };
    const path = `/api/v1/uploads/${uploadId}`;
    const { verificationTrouble: trouble, ...upload } = await client.call<Upload>('GET', path, undefined, preferring);
    if (upload.state !== 'verifying') return upload;
    if (trouble && trouble !== told) {
      await mustHaveFolder(client, uploadId);
      options.note(`The server cannot compare yet: ${trouble} It tries again by itself; all is sent, and waited for …`);
    }
    told = trouble ?? told;
    if (performance.now() - start > giveUpAfterMs)
      throw new WaitedInVain(
        `All is sent, but the server has not compared it in ${duration(giveUpAfterMs / 1_000)}${told === undefined ? '.' : `: ${told}`}`,
        'Tell the administrators; the same command again goes on waiting.',
      );
    await delay(Math.max(0, pause - (performance.now() - asked)), undefined, { signal });
  }
}

/** While an upload is compared it gets no credential, and who asks for one is told whether its folder is why. @throws Failure it is */
async function mustHaveFolder(client: DispatchClient, uploadId: string): Promise<void> {
  try {
    await client.askAtOnce(`/api/v1/uploads/${uploadId}/credential`, {});
  } catch (error) {
    client.options.signal.throwIfAborted();
    if (!(error instanceof Failure) || error.problem?.type === FOLDER_GONE) throw error;
  }
}

/** Times that a manifest cannot hold are left out; an instrument's clock may show anything. */
function timeOf(milliseconds: number): string | null {
  const time = new Date(milliseconds);
  const year = Number.isNaN(time.getTime()) ? -1 : time.getUTCFullYear();
  return year >= 0 && year <= 9_999 ? time.toISOString() : null;
}
