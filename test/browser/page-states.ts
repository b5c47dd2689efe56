// A program with a delivery in every state that a page behind a link can show.

import pg from 'pg';
import { Transport } from '../../src/mediaflux/protocol/index.js';
import { uploadFile } from '../../src/mediaflux/services/index.js';
import { MediafluxSession } from '../../src/mediaflux/session/index.js';
import { Api } from '../support/api.js';
import { type Dispatched, dispatchTo } from '../support/dispatched.js';
import { Program } from '../support/program.js';
import { until } from '../support/wait.js';
import { FIREFOX_ON_WINDOWS } from './stage.js';

export const PROJECT = '/projects/proj-researcher-1128.4.20';
export const LOGON = { domain: 'demo', user: 'researcher', password: 'researcher' };
const NAMES = ['live', 'direct', 'failed', 'moving', 'part', 'whole', 'copied', 'copy-failed', 'done', 'stopped'];
const ENDED = ['expired', 'revoked', 'gone', 'asked', 'replaced'];

/** What a page of that name says in English. */
export interface PageState {
  name: string;
  address: () => string;
  says: RegExp;
}

export class PageStates {
  private deliveries: Record<string, Dispatched> = {};
  private largeToken = '';
  private tokenOnlyToken = '';
  private readonly copies: Record<string, string> = {};

  private constructor(readonly program: Program) {}

  static async open(): Promise<PageStates> {
    const states = new PageStates(await Program.start());
    await states.reach();
    return states;
  }

  get server(): string {
    return this.program.endpoints.server;
  }

  of(name: string): Dispatched {
    const delivery = this.deliveries[name];
    if (!delivery) throw new Error(`Nothing was dispatched to ${name}.`);
    return delivery;
  }

  link(name: string): string {
    return `${this.server}/s/${this.of(name).token}`;
  }

  get large(): string {
    return `${this.server}/s/${this.largeToken}`;
  }

  get all(): PageState[] {
    const state = (name: string, address: () => string, says: RegExp): PageState => ({ name, address, says });
    const [server, link] = [() => this.server, (name: string) => this.link(name)];
    return [
      state('live', () => link('live'), /Data for you/),
      state(
        'direct-started',
        () => link('direct'),
        /You started a direct download on .*It did not work, remind me anyway/s,
      ),
      state('direct-not-received', () => link('failed'), /You said on .* that it did not work/),
      // Of a platform that sends no reminders none is promised.
      state('direct-started-unreminded', () => link('unreminded'), /direct download on [^]*It did not work(?!,)/),
      state('direct-not-received-unreminded', () => link('unreminded-failed'), /that it did not work\.[^]*did work/),
      state('reminders-stopped', () => link('stopped'), /Reminders about these data were stopped on/),
      state('data-mover-moving', () => link('moving'), /began on .*: 1 of 2 files/),
      state('data-mover-part', () => link('part'), /Downloaded with the Data Mover by .*: 1 of 2 files/),
      state('data-mover-whole', () => link('whole'), /Downloaded with the Data Mover on /),
      state('copied', () => link('copied'), /Copied to a project on /),
      state('copy-failed', () => link('copy-failed'), /A copy failed on /),
      state('done', () => link('done'), /You said on .* that you have what you need/),
      state('large', () => this.large, /we recommend the Data Mover/),
      state('large-confirm', () => `${this.large}/direct-confirm`, /Download 3 bytes as one zip file\?/),
      state('files', () => `${link('live')}/files`, /a\.txt/),
      state('copy-form', () => `${link('live')}/copy`, /Destination namespace/),
      state('copy-form-token-only', () => `${server()}/s/${this.tokenOnlyToken}/copy`, /takes no passwords for copies/),
      state('copy-without-logon', () => `${link('live')}/copy/destination`, /not logged on any more/),
      state('copy-state-completed', () => `${link('copied')}/copy/${this.copies['copied'] ?? ''}`, /Done: 2 files/),
      state(
        'copy-state-failed',
        () => `${link('copy-failed')}/copy/${this.copies['copy-failed'] ?? ''}`,
        /did not complete.*Log on and go on/s,
      ),
      state('trouble', () => `${link('live')}/direct`, /behind a button/),
      state('hidden', () => `${link('moving')}/not-for-people`, /There is nothing here/),
      state('expired', () => link('expired'), /no longer valid.*desk@example\.org/s),
      state('revoked', () => link('revoked'), /no longer valid.*desk@example\.org/s),
      state('gone', () => link('gone'), /no longer valid.*desk@example\.org/s),
      state('replaced', () => link('replaced'), /no longer valid.*A newer link.*desk@example\.org/s),
      state('unknown', () => `${server()}/s/unknown-unknown-unknown`, /not known/),
      state('unsubscribe', () => `${server()}/u/${this.of('live').unsubscribe}`, /No more reminders/),
      state('unsubscribed', () => `${server()}/u/${this.of('stopped').unsubscribe}`, /No more reminders will be sent/),
      state('data-mover-program', () => `${server()}/data-mover/`, /SHA-256/),
      state('more-time-asked', () => link('asked'), /More time was asked for on/),
      state('no-such-folder', () => `${link('live')}/files?path=nowhere`, /no folder|not|Back/),
    ];
  }

  private async reach(): Promise<void> {
    this.deliveries = (
      await dispatchTo(this.program, [...NAMES, ...ENDED], { reminders: { enabled: true } })
    ).deliveries;
    Object.assign(this.deliveries, (await dispatchTo(this.program, ['unreminded', 'unreminded-failed'])).deliveries);
    this.largeToken =
      (await dispatchTo(this.program, ['large'], { directLimitBytes: 1 })).deliveries['large']?.token ?? '';
    const tokenOnly = await dispatchTo(this.program, ['token-only'], { copyPasswords: false });
    this.tokenOnlyToken = tokenOnly.deliveries['token-only']?.token ?? '';
    await this.post(`/s/${this.of('direct').token}/direct`);
    await this.post(`/s/${this.of('failed').token}/direct`);
    await this.post(`/s/${this.of('failed').token}/not-received`);
    await this.post(`/s/${this.of('unreminded').token}/direct`);
    await this.post(`/s/${this.of('unreminded-failed').token}/direct`);
    await this.post(`/s/${this.of('unreminded-failed').token}/not-received`);
    await this.post(`/s/${this.of('done').token}/done`);
    await this.post(`/u/${this.of('stopped').unsubscribe}`);
    await this.download('moving', { progress: { files: 1, bytes: 1 } });
    await this.download('part', { complete: { whole: false, paths: ['a.txt'] } });
    await this.download('whole', { complete: { whole: true, files: 2, bytes: 3 } });
    this.copies['copied'] = await this.copy('copied', `${PROJECT}/fetched`, 'completed');
    await this.changeCopied(`${PROJECT}/fetched/a.txt`);
    this.copies['copy-failed'] = await this.copy('copy-failed', `${PROJECT}/fetched`, 'failed');
    await this.program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${this.of('revoked').id}/revoke`);
    const database = new pg.Client({ connectionString: this.program.endpoints.database });
    await database.connect();
    await database.query('update delivery set expires_at = now() where id = $1', [this.of('expired').id]);
    await database.query('update delivery set gone_at = now() where id = $1', [this.of('gone').id]);
    await database.query('update delivery set expires_at = now() where id = $1', [this.of('asked').id]);
    await this.post(`/s/${this.of('asked').token}/more-time`);
    await database.query('update delivery set expires_at = now() where id = $1', [this.of('replaced').id]);
    const extend = `/api/v1/admin/deliveries/${this.of('replaced').id}/extend`;
    await this.program.admin.expect(200, 'POST', extend, { linkLifetime: 'P7D' });
    await database.end();
  }

  private post(path: string): Promise<Response> {
    return fetch(`${this.server}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'user-agent': FIREFOX_ON_WINDOWS, accept: 'text/html' },
    });
  }

  private async download(
    name: string,
    { progress, complete }: { progress?: unknown; complete?: unknown },
  ): Promise<void> {
    const api = new Api(this.server);
    const path = `/api/v1/shares/${this.of(name).token}/downloads`;
    const { id } = await api.expect<{ id: string }>(201, 'POST', path);
    if (progress) await api.expect(204, 'POST', `${path}/${id}/progress`, progress);
    if (complete) await api.expect(204, 'POST', `${path}/${id}/complete`, complete);
  }

  private async copy(name: string, destination: string, end: string): Promise<string> {
    const api = new Api(this.server);
    const path = `/api/v1/shares/${this.of(name).token}/copies`;
    const { id } = await api.expect<{ id: string }>(202, 'POST', path, { ...LOGON, destination });
    return until(`a copy that has ${end}`, async () => {
      const { state } = await api.expect<{ state: string }>(200, 'GET', `${path}/${id}`);
      return state === end ? id : undefined;
    });
  }

  /** The researcher changes a file of theirs, so that the next copy finds it different. */
  private async changeCopied(path: string): Promise<void> {
    const transport = new Transport(this.program.endpoints.mediaflux.replace(/\/\/[^@/]*@/, '//'));
    const session = new MediafluxSession({ transport, credentials: LOGON });
    const bytes = Buffer.from('changed');
    await uploadFile(session, path, { name: 'a.txt', size: bytes.length, open: () => [bytes] });
    await transport.close();
  }
}
