// `data-mover upload`: a tree to Mediaflux, verified by the server, dispatched by it.

import { basename, resolve } from 'node:path';
import { type Credential, type DispatchClient, FOLDER_GONE } from '../dispatch-api/client.js';
import { Failure, wrongUse } from '../failures.js';
import { inNotes } from '../journal/home.js';
import { Journal } from '../journal/uploads/journal.js';
import { LogFile } from '../report/log-file.js';
import type { Reporter } from '../report/reporter.js';
import { MediafluxLink } from '../transfer/mediaflux-link.js';
import { refuseInTime } from './asked.js';
import { Beginning } from './beginning.js';
import { changesOf, namesOf, untold } from './changes.rules.js';
import { Completion, NotOurs, takenBack, verdictOf } from './completion/completion.js';
import { gather, type Source, type Tree } from '../tree/gather.js';
import { Meanwhile } from './completion/meanwhile.js';
import { isOwn } from '../journal/uploads/own-manifest.rules.js';
import { type Begun, isAsSent, isSameDataset } from './known-uploads.js';
import { Sending } from './sending.js';
import { Told } from './told.js';
import {
  byAnotherCommand,
  notesAsked,
  toldOf,
  type Upload,
  type Uploaded,
  type UploadOptions,
  whatOthersNeed,
} from './upload.types.js';

/** Answers the upload that is complete. @throws Failure it is not, and why */
export async function upload(options: UploadOptions, client: DispatchClient, reporter: Reporter): Promise<Uploaded> {
  const { signal } = client.options;
  // In any order they are the same upload.
  const paths = options.paths.map((path) => resolve(path)).sort();
  const journal = await Journal.open(notesAsked(options, paths));
  try {
    reporter.log = inNotes(() => new LogFile(journal.file('transfer.log')));
    for (const remark of journal.remarks) reporter.note(remark);
    await refuseInTime(client, options, journal, Date.now());
    const { followSymlinks, leaveOut, exclude } = options;
    const source = { paths, followSymlinks, leaveOut, exclude, signal };
    const tree = await gather(source, journal.file('tree.ndjson'), reporter);
    return await new UploadRun(options, client, reporter, journal, source, tree).run();
  } catch (error) {
    reporter.log?.write(`ended: ${error instanceof Error ? error.message : String(error)}`);
    throw error;
  } finally {
    reporter.closeLog();
    journal.close();
  }
}

class UploadRun {
  private readonly beginning: Beginning;
  private readonly told: Told;
  /** By this run. */
  private sentBytes = 0;

  constructor(
    private readonly options: UploadOptions,
    private readonly client: DispatchClient,
    private readonly reporter: Reporter,
    private readonly journal: Journal,
    private readonly source: Source,
    private readonly tree: Tree,
  ) {
    this.beginning = new Beginning(options, client, reporter, journal, tree);
    this.told = new Told(reporter);
  }

  async run(): Promise<Uploaded> {
    let begun = await this.judged(await this.beginning.run());
    this.mustBeOurs(begun);
    if (begun.upload.state === 'complete') {
      if (isSameDataset(begun.note, this.options) || this.isAsSent(begun)) return this.reportEarlier(begun);
      // An earlier run was broken off after its last step, and the folder, or what is chosen of it, has changed since.
      this.beginning.tellOfOther(begun);
      this.journal.forget(begun.note);
      begun = await this.beginning.start();
    }
    // A manifest of its own may have arrived in a run that was broken off before it knew.
    if (begun.upload.state === 'mismatch' && !begun.note.telling && !isOwn(begun.upload, begun.note))
      this.reporter.waits(takenBack(begun.upload));
    this.beginning.choose(begun.note);
    begun = await this.withCredential(begun);
    const upload = await this.sendAndComplete(begun).catch((error: unknown) => {
      if (error instanceof NotOurs) this.journal.forget(begun.note);
      throw error;
    });
    if (upload.state !== 'complete')
      throw new Failure(`The upload is ${upload.state}. Run the same command again to go on.`);
    this.told.warningsOf(upload);
    const sentTree = begun.note.sentTree ?? '';
    this.journal.completed(begun.note, sentTree);
    this.told.end(upload, 'Uploaded and verified:', this.sentBytes);
    return { ...upload, sentTree, selection: begun.note.selection };
  }

  /** @throws NotOurs an earlier run sent it, and what became complete is something else */
  private mustBeOurs({ note, upload }: Begun): void {
    if (upload.state !== 'complete' || isOwn(upload, note)) return;
    this.journal.forget(note);
    throw new NotOurs(upload);
  }

  /** Is the folder as an earlier run sent it? */
  private isAsSent({ note }: Begun): boolean {
    return isAsSent(note, this.tree.fingerprint);
  }

  /** Of one that the server compares, with its verdict. */
  private async judged(begun: Begun): Promise<Begun> {
    if (begun.upload.state !== 'verifying') return begun;
    return this.orAnew(begun, async () => {
      begun.upload = await verdictOf(this.client, begun.upload.id);
    });
  }

  private async withCredential(begun: Begun): Promise<Begun> {
    if (begun.upload.mediaflux) return begun;
    return this.orAnew(begun, async () => {
      begun.upload.mediaflux = await this.renew(begun.upload.id);
    });
  }

  /** Another upload, where this one cannot go on and it is known that another is meant then. */
  private async orAnew(begun: Begun, work: () => Promise<void>): Promise<Begun> {
    try {
      await work();
      return begun;
    } catch (error) {
      if (!(error instanceof Failure) || !this.mayBeginAnew(begun, error)) throw error;
      await this.beginning.replace(begun);
      return this.beginning.start();
    }
  }

  /**
   * It cannot go on: whoever says --again means another then. Nobody sits at a watched folder to say so; a dataset whose
   * folder in Mediaflux is gone is whole here still.
   */
  private mayBeginAnew({ upload: { folder } }: Begun, { status, problem }: Failure): boolean {
    if (!this.options.unattended) return this.options.again && status === 409;
    if (problem?.type !== FOLDER_GONE) return false;
    this.reporter.waits(
      `The folder of its upload ${folder} is no longer in Mediaflux, or the service may no longer see it. All of the dataset goes again, as another upload; if nobody took the folder away on purpose, tell the platform.`,
      basename(this.options.paths[0] ?? ''),
    );
    return true;
  }

  /** @throws Failure somebody is named who did not get it */
  private reportEarlier(begun: Begun): Uploaded {
    const { note, upload } = begun;
    const options = this.beginning.optionsThatDiffer(note);
    // Nothing tells whether a folder has changed of which other files are looked at now.
    const hasChangedSince = !this.isAsSent(begun) && options.length === 0;
    // An earlier run may have ended before it knew that all was well.
    const isNews = note.completedTree === undefined && !hasChangedSince;
    const sentTree = note.completedTree ?? note.sentTree ?? '';
    this.journal.completed(note, sentTree);
    // Later looks of the server may have found the folder changed; nobody else tells it to whoever runs this.
    for (const warning of upload.warnings) this.reporter.waits(warning);
    const { to, keywords, note: text } = this.options;
    const others = untold(to, toldOf(upload));
    if (others.length > 0) throw wrongUse(whatOthersNeed(upload, others, hasChangedSince));
    const asked = { recipients: upload.recipients, keywords, note: text ?? null };
    const changes = changesOf(asked, upload, note.addedKeywords ?? []);
    if (options.length > 0)
      this.reporter.note(
        `It was uploaded ${byAnotherCommand(options)}${this.isAsSent(begun) ? ', and left out the same' : ''}.`,
      );
    if (changes) this.reporter.note(`It is complete, and this stays as it was: ${namesOf(changes)}.`);
    const what = isNews
      ? 'Uploaded and verified:'
      : hasChangedSince
        ? 'This folder was uploaded before, and is no longer as it was then:'
        : this.isAsSent(begun)
          ? 'This folder was uploaded before and has not changed since:'
          : 'This folder was uploaded before:';
    this.told.end(upload, what, this.sentBytes);
    return { ...upload, sentTree, selection: note.selection };
  }

  private async sendAndComplete(begun: Begun): Promise<Upload> {
    const { note } = begun;
    const { mediaflux: credential } = begun.upload;
    if (!credential) throw new Failure(`The upload is ${begun.upload.state}. Run the same command again to go on.`);
    // It may have been abandoned; with the credential it is open again.
    if (begun.upload.state === 'abandoned')
      begun.upload = await this.beginning.change({ note, upload: { ...begun.upload, state: 'open' } });
    const { id, folder } = begun.upload;
    this.told.warningsOf(begun.upload);
    this.reporter.start({ files: this.tree.files, bytes: this.tree.bytes, folder, uploadId: id });
    const link = new MediafluxLink(credential, {
      ...this.client.options,
      connections: this.options.parallel,
      renew: () => this.renew(id),
      millisecondsUntil: (instant) => this.client.millisecondsUntil(instant),
    });
    const sent = this.journal.sentOf(note);
    const sending = new Sending(this.options, sent, this.tree, this.reporter, this.client.options.signal);
    const meanwhile = new Meanwhile(this.source, sent);
    const completion = new Completion(this.client, sent, this.tree, meanwhile, this.reporter);
    try {
      await sending.all(link);
      const upload = await completion.run(link, id, {
        sendAgain: () => sending.all(link),
        telling: () => {
          note.telling = true;
          this.journal.save();
        },
        told: (tree, manifest) => {
          note.sentTree = tree;
          note.manifest = manifest;
          delete note.telling;
          this.journal.save();
        },
      });
      if (meanwhile.files > 0) this.reporter.changedSince(meanwhile.files, meanwhile.example);
      return upload;
    } finally {
      this.sentBytes = sending.sentBytes;
      await link.close();
    }
  }

  private async renew(uploadId: string): Promise<Credential> {
    this.journal.mustBeOurs();
    const answer = await this.client.call<{ mediaflux: Credential }>('POST', `/api/v1/uploads/${uploadId}/credential`, {
      // Of a file that takes days nobody sees anything in Mediaflux until it is there.
      sentBytes: this.reporter.movedBytes,
    });
    return answer.mediaflux;
  }
}
