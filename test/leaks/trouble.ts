// What goes wrong around the program on purpose: a Mediaflux and a mail server that repeat what they were given in their
// errors, a database that refuses rows.

import { Instrument, Sender } from '../support/instrument.js';
import { until } from '../support/wait.js';
import { PEOPLE } from './conversation.js';
import type { Journey } from './journey.js';

export class Trouble {
  private people = 0;

  constructor(private readonly journey: Journey) {}

  /** Mediaflux repeats in its errors what it was asked with, as it does with arguments. */
  async mediafluxFaults(): Promise<void> {
    const { stage } = this.journey;
    const { faults } = stage.emulator;
    const { token } = this.journey.of('bertrand');
    const repeated = (password: string | undefined): string => {
      const { all } = stage.secrets;
      const given = [
        ...all.filter(({ label }) => /Mediaflux|zip|download cred/.test(label)).slice(-10),
        ...all.filter(({ label }) => label === password),
      ];
      return `call to service failed: XPath args/x is invalid: ${PEOPLE.anna} ${given.map(({ value }) => value).join(' ')}`;
    };
    /** A server knows a password where somebody logged on with it. */
    const [ofService, ofResearcher] = ['the password of the service account', 'the password of an end user'];
    const ask = (path: string) => this.journey.ask('bertrand', 'POST', path);
    const calls: [service: string, run: () => Promise<unknown>, password?: string][] = [
      ['asset.archive.create', () => ask(`/s/${token}/direct`), ofService],
      ['secure.identity.token.create', () => ask(`/s/${token}/direct`), ofService],
      ['secure.identity.token.create', () => ask(`/api/v1/shares/${token}/downloads`), ofService],
      ['asset.namespace.describe', () => this.copy(token)],
      ['secure.identity.token.create', () => this.copy(token)],
      ['asset.namespace.create', () => this.startUpload(), ofService],
      ['authorization.role.create', () => this.startUpload(), ofService],
      ['asset.query', () => this.failingCopy(token)],
      ['asset.query', () => this.failingVerification(), ofService],
      ['system.logon', () => this.copy(token), ofResearcher],
      // The service account is refused from now on, and stops trying.
      ['system.logon', () => this.loggingOnAgain(), ofService],
    ];
    await this.failingDispatch(repeated(ofService));
    for (const [service, run, password] of calls) {
      faults.set({ service, times: 2, action: { error: repeated(password) } });
      await run();
      faults.clear();
    }
  }

  /** The mail server refuses with what it was given: the logon, the address, a link of the mail. */
  async mailFaults(): Promise<void> {
    const { stage } = this.journey;
    const { id, token } = this.journey.of('bertrand');
    const password = stage.secrets.all.find(({ label }) => label === 'the password of the mail server')?.value ?? '';
    const plain = Buffer.from(`\0dispatch-mailer\0${password}`).toString('base64');
    const replies: [step: 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'dot', reply: string][] = [
      ['AUTH', `535 5.7.8 Authentication failed for dispatch-mailer with ${password} (${plain})`],
      ['MAIL', `451 4.3.0 <bounce@dispatch.example> to ${PEOPLE.bertrand}: later`],
      ['RCPT', `450 4.2.1 <${PEOPLE.bertrand}>: greylisted, see ${this.journey.server}/s/${token}`],
      ['dot', `554 5.7.1 Message with URL ${this.journey.server}/s/${token} for ${PEOPLE.bertrand} is blocked as spam`],
    ];
    for (const [step, reply] of replies) {
      let said = 0;
      stage.smtp.hangUp();
      stage.smtpAnswers((at) => {
        if (at !== step) return undefined;
        said += 1;
        return { reply };
      });
      await this.journey.ask('administrator', 'POST', `/api/v1/admin/deliveries/${id}/remind`, {
        key: stage.adminKey,
        body: JSON.stringify({ confirm: true }),
      });
      await until(`the mail server saying ${reply.slice(0, 9)}`, () => said > 0 || undefined);
    }
    stage.smtp.hangUp();
    stage.smtpAnswers(undefined);
  }

  /** Rows are refused whose values PostgreSQL would tell; each request ends in a 500. */
  async databaseFaults(): Promise<void> {
    const { stage } = this.journey;
    const { database } = stage.rows;
    const { token } = this.journey.of('anna');
    const someone = 'zacharias.newcomb@uni-four.example';
    stage.secrets.add('address', 'the address of somebody new', someone);
    const faults: [table: string, run: () => Promise<{ status: number }>][] = [
      ['person', () => this.startUpload(someone)],
      ['access_event', () => this.journey.ask('anna', 'POST', `/s/${token}/direct`)],
      ['access_event', () => this.journey.ask('anna', 'GET', `/s/${token}`, { headers: { accept: 'text/html' } })],
      ['content_copy', () => this.copy(token)],
      [
        'upload_shareable_token',
        () =>
          this.journey.ask('administrator', 'POST', `/api/v1/admin/shareables/${this.journey.shareableId}/rotate`, {
            key: stage.adminKey,
            body: '{"overlap": "P1D"}',
          }),
      ],
    ];
    const statuses: number[] = [];
    for (const [table, run] of faults) {
      await database.query(`alter table ${table} add constraint no_more check (false) not valid`);
      statuses.push((await run()).status);
      await database.query(`alter table ${table} drop constraint no_more`);
    }
    await database.query('alter table delivery_link rename to delivery_link_away');
    statuses.push((await this.journey.ask('anna', 'GET', `/s/${token}`, { headers: { accept: 'text/html' } })).status);
    statuses.push((await this.journey.ask('anna', 'GET', `/api/v1/shares/${token}`)).status);
    await database.query('alter table delivery_link_away rename to delivery_link');
    if (!statuses.every((status) => status === 500))
      throw new Error(`Not every request failed: ${statuses.join(', ')}`);
  }

  private copy(token: string) {
    const { researcher } = this.journey.stage;
    this.people += 1;
    const destination = `/projects/proj-researcher-1128.4.20/again-${this.people}`;
    return this.journey.ask('bertrand', 'POST', `/api/v1/shares/${token}/copies`, {
      body: JSON.stringify({ ...researcher, destination }),
    });
  }

  /** Begun, and failed by the worker. */
  private async failingCopy(token: string): Promise<void> {
    const begun = await this.copy(token);
    if (begun.status !== 202) throw new Error(`The copy answered ${begun.status}: ${begun.text}`);
    const path = `/api/v1/shares/${token}/copies/${begun.json<{ id: string }>().id}`;
    await until('the copy having gone on', async () => {
      const { state } = (await this.journey.ask('bertrand', 'GET', path)).json<{ state: string }>();
      return state === 'failed' || state === 'completed' || undefined;
    });
    await this.journey.ask('bertrand', 'GET', `/s/${token}`, { headers: { accept: 'text/html' } });
  }

  private startUpload(recipient: string = PEOPLE.anna) {
    return this.journey.ask('operator', 'POST', '/api/v1/uploads', {
      key: this.journey.uploadToken,
      body: JSON.stringify({ recipients: [recipient], youngestFileTime: '2020-08-18T08:20:37Z' }),
    });
  }

  private async loggingOnAgain(): Promise<void> {
    this.journey.stage.emulator.expireSessions();
    await this.startUpload();
  }

  /** The job that dispatches fails at the manifest asset, and is tried again by the queue. */
  private async failingDispatch(error: string): Promise<void> {
    const { stage } = this.journey;
    const instrument = new Instrument(this.journey.server, this.journey.uploadToken);
    const upload = await instrument.start({ recipients: [PEOPLE.emil] });
    const sender = new Sender(upload.mediaflux);
    await sender.send('c.txt', 'c');
    await instrument.putManifest(upload.id, sender.manifest);
    await sender.close();
    const before = stage.smtp.to(PEOPLE.emil).length;
    for (const service of ['asset.create', 'asset.set'])
      stage.emulator.faults.set({ service, times: 1, action: { error } });
    await instrument.complete(upload.id);
    await until('the mail all the same', () => stage.smtp.to(PEOPLE.emil).length > before || undefined, 60_000);
    stage.emulator.faults.clear();
  }

  /** Looked at until it goes on, and not given up. */
  private async failingVerification(): Promise<void> {
    const instrument = new Instrument(this.journey.server, this.journey.uploadToken);
    const upload = await instrument.start({ recipients: [PEOPLE.bertrand] });
    await instrument.putManifest(upload.id, '{"path": "never-sent.txt", "size": 1, "crc32": "00000000"}\n');
    const { state } = await instrument.complete(upload.id);
    if (state !== 'mismatch') throw new Error(`The upload is ${state}.`);
    await this.journey.must(
      200,
      'operator',
      'GET',
      `/api/v1/uploads/${upload.id}`,
      undefined,
      this.journey.uploadToken,
    );
    await instrument.api.call('DELETE', `/api/v1/uploads/${upload.id}`);
  }
}
