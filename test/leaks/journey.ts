// The whole journey, as operators, end users and administrators go it, with what each of them was given kept.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { platformWith } from '../support/api.js';
import { writeSampleTree } from '../support/files.js';
import { Instrument, Sender, type StartedUpload } from '../support/instrument.js';
import { PEOPLE } from './conversation.js';
import { Fetching } from './fetching.js';
import { CONTACT } from './stage.js';

export class Journey extends Fetching {
  platformId = '';
  shareableId = '';
  uploadToken = '';
  /** Made by the API. */
  uploadId = '';

  /** A platform, a shareable whose token is rotated, an upload by program and one by API, each dispatched. */
  async upload(): Promise<void> {
    const { stage } = this;
    const platform = platformWith({
      contact: { name: 'Microscopy desk', email: CONTACT },
      reminders: {
        enabled: false,
        schedule: '0 9 * * 1',
        minimumAge: 'PT1S',
        minimumSpacing: 'PT1S',
        operatorNotice: 'shareable',
      },
    });
    this.platformId = (await this.admin(201, 'POST', '/platforms', platform)).json<{ id: string }>().id;
    const shareables = `/platforms/${this.platformId}/shareables`;
    const made = await this.must(
      201,
      'giver of tokens',
      'POST',
      `/api/v1/admin${shareables}`,
      { label: 'PC', notify: [PEOPLE.ops] },
      stage.adminKey,
    );
    const first = made.json<{ id: string; token: string }>();
    this.shareableId = first.id;
    stage.secrets.add('credential', 'the first token of the shareable', first.token);
    const turned = await this.must(
      200,
      'giver of tokens',
      'POST',
      `/api/v1/admin/shareables/${first.id}/rotate`,
      { overlap: 'P1D' },
      stage.adminKey,
    );
    const { token, settingsXml } = turned.json<{ token: string; settingsXml: string }>();
    stage.secrets.add('credential', 'the second token of the shareable', token);
    this.uploadToken = token;
    await this.byProgram(settingsXml);
    await this.byApi();
    await this.learnLinks();
  }

  private async byProgram(settingsXml: string): Promise<void> {
    const { work } = this.stage;
    writeSampleTree(join(work, 'in'));
    writeFileSync(join(work, 'settings.xml'), settingsXml);
    const to = ['--to', PEOPLE.anna, '--to', PEOPLE.bertrand];
    await this.mover('upload', '--settings', join(work, 'settings.xml'), ...to, '--json', join(work, 'in'));
    await this.stage.mail(PEOPLE.anna, /^<dispatch-/);
    await this.stage.mail(PEOPLE.bertrand, /^<dispatch-/);
  }

  /** One of the recipients is refused by their mail server, which says so with the address. */
  private async byApi(): Promise<void> {
    const { stage } = this;
    stage.smtpAnswers((step, { to }) =>
      step === 'RCPT' && to === PEOPLE.refused
        ? { reply: `550 5.1.1 <${PEOPLE.refused}>: Recipient address rejected: user unknown` }
        : undefined,
    );
    const instrument = new Instrument(this.server, this.uploadToken);
    const recipients = [PEOPLE.anna, PEOPLE.bertrand, PEOPLE.refused];
    const upload = await instrument.start({ recipients, operator: { name: 'Oscar', email: PEOPLE.operator } });
    await this.sendTo(instrument, upload);
    this.uploadId = upload.id;
    await stage.mail(PEOPLE.ops, /^<undeliverable-/);
    stage.smtpAnswers(undefined);
    await this.must(
      201,
      'operator',
      'POST',
      `/api/v1/uploads/${upload.id}/deliveries`,
      { recipient: PEOPLE.emil },
      this.uploadToken,
    );
    await stage.mail(PEOPLE.emil, /^<dispatch-/);
  }

  private async sendTo(instrument: Instrument, upload: StartedUpload): Promise<void> {
    const sender = new Sender(upload.mediaflux);
    await sender.send('a.txt', 'a');
    await sender.send('deep/b.txt', 'bb');
    await instrument.putManifest(upload.id, sender.manifest);
    await sender.close();
    const { state } = await instrument.complete(upload.id);
    if (state !== 'complete') throw new Error(`The upload is ${state}.`);
  }

  /** Reminders with their notice, more time, a bounce, and all that administrators look at. */
  async afterwards(): Promise<void> {
    const { stage } = this;
    const { id: emilId, token: emilToken } = this.of('emil');
    await this.admin(200, 'POST', `/deliveries/${emilId}/remind`, { confirm: true });
    const reminder = await stage.mail(PEOPLE.emil, /^<reminder-/);
    await this.admin(200, 'PATCH', `/platforms/${this.platformId}`, { reminders: { enabled: true } });
    await this.admin(201, 'POST', `/platforms/${this.platformId}/reminder-runs`);
    await stage.mail(PEOPLE.ops, /^<operator-notice|^<notice|^<reminder/);
    const report = bounceOf(reminder.from);
    await this.must(200, 'administrator', 'GET', `/api/v1/admin/mails`, undefined, stage.adminKey);
    await this.ask('administrator', 'POST', '/api/v1/admin/bounces', {
      key: stage.adminKey,
      body: new TextEncoder().encode(report),
      headers: { 'content-type': 'message/rfc822' },
    });
    await stage.rows.database.query(`update delivery set expires_at = now() - interval '1 second' where id = $1`, [
      emilId,
    ]);
    await this.ask('emil', 'GET', `/s/${emilToken}`, { headers: { accept: 'text/html' } });
    await this.ask('emil', 'POST', `/s/${emilToken}/more-time`, { headers: { accept: 'text/html' } });
    await this.ask('emil', 'GET', `/s/${emilToken}`, { headers: { accept: 'text/html' } });
    const open = (await this.admin(200, 'GET', '/extension-requests?state=open')).json<{ items: { id: string }[] }>();
    await this.admin(200, 'POST', `/extension-requests/${open.items[0]?.id ?? ''}/grant`, {});
    await stage.mail(PEOPLE.emil, /^<dispatch-[\w-]+-1@/);
    const lost = this.of('refused').id;
    await this.must(
      200,
      'operator',
      'POST',
      `/api/v1/uploads/${this.uploadId}/deliveries/${lost}/revoke`,
      undefined,
      this.uploadToken,
    );
    await this.admin(200, 'PATCH', '/persons', { address: PEOPLE.bertrand, language: 'fr' });
    await this.learnLinks();
    await this.look();
  }

  /** What administrators and operators can open. */
  async look(): Promise<void> {
    const uploads = (await this.admin(200, 'GET', '/uploads')).json<{ items: { id: string }[] }>().items;
    for (const { id } of uploads)
      for (const path of ['', '/files', '/timeline']) await this.admin(200, 'GET', `/uploads/${id}${path}`);
    for (const { id } of this.deliveries.values()) await this.admin(200, 'GET', `/deliveries/${id}`);
    const platform = `/platforms/${this.platformId}`;
    for (const path of [
      '/mails',
      '/audit',
      '/audit/chains',
      '/audit/verify',
      '/stats',
      '/extension-requests',
      '/platforms',
    ])
      await this.admin(200, 'GET', path);
    for (const path of ['', '/shareables', '/reminders/preview', '/reminder-runs'])
      await this.admin(200, 'GET', `${platform}${path}`);
    await this.admin(200, 'GET', `/shareables/${this.shareableId}`);
    await this.admin(200, 'POST', `${platform}/mail-preview`, {});
    for (const path of [
      '/api/v1/shareable',
      `/api/v1/uploads/${this.uploadId}`,
      `/api/v1/uploads/${this.uploadId}/events`,
    ])
      await this.must(200, 'operator', 'GET', path, undefined, this.uploadToken);
    for (const path of ['/health/live', '/health/ready', '/metrics', '/api/openapi.json', '/data-mover/'])
      await this.ask('anybody', 'GET', path);
  }
}

const bounceOf = (returnAddress: string): string =>
  [
    'From: MAILER-DAEMON@mx.example',
    `To: ${returnAddress}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    `Final-Recipient: rfc822; ${PEOPLE.emil}`,
    'Action: delayed',
    'Status: 4.2.2',
    `Diagnostic-Code: smtp; 452 4.2.2 <${PEOPLE.emil}> is full`,
    '--b--',
    '',
  ].join('\r\n');
