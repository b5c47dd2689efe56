// Which upload the command is about: the one that an earlier run began, changed to what is asked for now, or a new one.

import type { DispatchClient } from '../dispatch-api/client.js';
import { Failure } from '../failures.js';
import type { Journal } from '../journal/uploads/journal.js';
import { optionsThatDiffer } from '../journal/uploads/selection.rules.js';
import type { UploadNote } from '../journal/uploads/upload-notes.js';
import { StillAway } from '../patience.js';
import type { Reporter } from '../report/reporter.js';
import { startOf } from './asked.js';
import { changesOf, namesOf } from './changes.rules.js';
import type { Tree } from '../tree/gather.js';
import { type Begun, KnownUploads } from './known-uploads.js';
import { byAnotherCommand, selectionOf, type Upload, type UploadOptions } from './upload.types.js';

export class Beginning {
  private readonly known: KnownUploads;

  constructor(
    private readonly options: UploadOptions,
    private readonly client: DispatchClient,
    private readonly reporter: Reporter,
    private readonly journal: Journal,
    private readonly tree: Tree,
  ) {
    this.known = new KnownUploads(options, client, journal, tree.fingerprint);
  }

  async run(): Promise<Begun> {
    return (await this.earlier()) ?? (await this.unanswered()) ?? this.start();
  }

  /** @throws Failure what the server said of it */
  start(): Promise<Begun> {
    const { again, dataset, server } = this.options;
    const request = startOf(this.options, this.tree.youngestMs);
    const selection = selectionOf(this.options);
    return this.ask(
      this.journal.begin({ server, request, isAgain: again, selection, ...(dataset === undefined ? {} : { dataset }) }),
    );
  }

  /** An upload that is not complete becomes what is asked for now. An abandoned one must be taken up again first. */
  async change({ note, upload }: Begun): Promise<Upload> {
    if (upload.state === 'complete' || upload.state === 'abandoned') return upload;
    const { to, keywords, note: text } = this.options;
    const asked = { recipients: to, keywords, note: text ?? null };
    const changes = changesOf(asked, upload, note.addedKeywords ?? []);
    if (!changes) return upload;
    try {
      const changed = await this.client.call<Upload>('PATCH', `/api/v1/uploads/${upload.id}`, changes);
      this.reporter.note(
        `This command differs from the one that began the upload; changed in it: ${namesOf(changes)}.`,
      );
      return { ...changed, ...(upload.mediaflux === undefined ? {} : { mediaflux: upload.mediaflux }) };
    } catch (error) {
      if (!(error instanceof Failure) || error.status !== 409) throw error;
      // It has become complete meanwhile.
      return this.client.call<Upload>('GET', `/api/v1/uploads/${upload.id}`);
    }
  }

  /** One that is not complete becomes what this command sends: the server finds what goes too far, and it is removed. */
  choose(note: UploadNote): void {
    const options = this.optionsThatDiffer(note);
    if (options.length === 0) return;
    this.reporter.note(
      `This command leaves out other files than the one that began the upload (${options.join(', ')}).`,
    );
    note.selection = selectionOf(this.options);
    this.journal.save();
  }

  /** Options by which this command sends other files than the one whose upload it was. */
  optionsThatDiffer({ selection }: UploadNote): string[] {
    const now = selectionOf(this.options);
    // Versions of before noted globs alone: the rest is taken to be as it is now.
    return optionsThatDiffer({ ...now, ...selection }, now);
  }

  /** Of a complete one that is not what this command sends, if it is for its options. */
  tellOfOther({ note, upload }: Begun): void {
    const options = this.optionsThatDiffer(note);
    if (options.length > 0)
      this.reporter.note(
        `It was uploaded before as ${upload.folder} ${byAnotherCommand(options)}; this is another upload.`,
      );
  }

  /** Another takes its place: nobody is to be told later that it makes no progress. @throws StillAway */
  async replace({ note, upload }: Begun): Promise<void> {
    if (upload.state !== 'complete') await this.giveUp(upload);
    this.journal.forget(note);
  }

  private async giveUp({ id, folder, state }: Upload): Promise<void> {
    try {
      await this.client.call('DELETE', `/api/v1/uploads/${id}`);
      if (state !== 'abandoned')
        this.reporter.note(`The unfinished upload ${folder} is given up; this is another one. What it holds stays.`);
    } catch (error) {
      if (!(error instanceof Failure) || error instanceof StillAway) throw error;
      this.reporter.note(
        `The unfinished upload ${folder} could not be given up: ${error.message} This is another one; whoever looks after the platform may be told of that one as of an upload that makes no progress.`,
      );
    }
  }

  /** The upload of an earlier run that this server knows, if this command is about it. */
  private async earlier(): Promise<Begun | undefined> {
    for await (const { isMeant, note, upload } of this.known.all()) {
      if (isMeant) return { note, upload: await this.change({ note, upload }) };
      if (!this.options.again) this.tellOfOther({ note, upload });
      await this.replace({ note, upload });
    }
    return undefined;
  }

  /** What an earlier run asked for and got no answer to is asked for again, word for word: there may be an upload. */
  private async unanswered(): Promise<Begun | undefined> {
    const { again, server } = this.options;
    const note = this.journal.unanswered(server);
    if (!note) return undefined;
    if (again && !note.isAgain) {
      this.journal.forget(note);
      return undefined;
    }
    try {
      const begun = await this.ask(note);
      return { note, upload: await this.change(begun) };
    } catch (error) {
      // The other command was refused; this one asks for itself.
      if (error instanceof Failure && error.status === 422) return undefined;
      throw error;
    }
  }

  private async ask(note: UploadNote): Promise<Begun> {
    try {
      const upload = await this.client.call<Upload>('POST', '/api/v1/uploads', note.request, {
        'idempotency-key': note.idempotencyKey,
      });
      const { keywords = [] } = note.request as { keywords?: string[] };
      const asked = new Set(keywords.map((word) => word.trim()));
      note.uploadId = upload.id;
      note.addedKeywords = upload.keywords.filter((word) => !asked.has(word));
      delete note.request;
      this.journal.save();
      return { note, upload };
    } catch (error) {
      // A refusal: no upload came of it, and a command that is put right must not ask the same again.
      if (error instanceof Failure && error.status === 422) this.journal.forget(note);
      throw error;
    }
  }
}
