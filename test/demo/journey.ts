// The steps of the demonstration.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT, platformWith } from '../support/api.js';
import { contentsOf } from '../support/files.js';
import { linkIn } from '../support/mailbox.js';
import { dataMover, type Program } from '../support/program.js';
import { until } from '../support/wait.js';
import { contentsOfZip, foldersOfZip } from '../support/zip.js';
import { isSameTree, type Steps } from './steps.js';
import { command, contentsOfNamespace, mediaflux } from './tools.js';

const ADA = 'ada@example.org';
const BEA = 'bea@example.org';
const OPERATOR = 'ops@example.org';

interface Delivery {
  id: string;
  recipient: string;
  state: string;
}

interface DeliveryDetail extends Delivery {
  accessedAt: string | null;
  methods: Record<string, { phase: string; files?: number } | null>;
  reminders: { state: string; messageId: string }[];
}

export class Journey {
  private readonly contents: Record<string, string>;
  /** Of the Data Mover. */
  private readonly state: string;
  private platformId = '';
  private settings = '';
  private uploadId = '';

  constructor(
    private readonly steps: Steps,
    private readonly program: Program,
    private readonly folder: string,
    private readonly work: string,
  ) {
    this.contents = contentsOf(folder);
    this.state = join(work, 'state');
  }

  async run(): Promise<void> {
    await this.setUp();
    await this.upload();
    const link = await this.mail();
    await this.looking(link);
    await this.direct(link);
    await this.dataMover(link);
    await this.copy(link);
    await this.operatorIsTold();
    await this.reminder();
    await this.ending(link);
  }

  private setUp(): Promise<void> {
    const { steps, program } = this;
    return steps.step('An administrator sets up a platform and an upload shareable', async () => {
      const platform = await program.admin.expect<{ id: string }>(
        201,
        'POST',
        '/api/v1/admin/platforms',
        platformWith({
          folderSuffix: 'scope1',
          reminders: {
            enabled: false,
            schedule: '*/2 * * * * *',
            minimumAge: 'PT1S',
            minimumSpacing: 'PT1H',
            operatorNotice: 'project-metadata',
          },
        }),
      );
      this.platformId = platform.id;
      const wrong = await program.admin.call<{ detail: string }>(
        'POST',
        '/api/v1/admin/platforms',
        platformWith({ namespace: '/projects/proj-none-1' }),
      );
      steps.check(wrong.status === 422, `a namespace that is not there is refused: “${wrong.body.detail}”`);
      const shareable = await program.admin.expect<{ settingsXml: string; number: number }>(
        201,
        'POST',
        `/api/v1/admin/platforms/${platform.id}/shareables`,
        { label: 'Scope 1 PC', notify: [OPERATOR] },
      );
      this.settings = join(this.work, 'settings.xml');
      writeFileSync(this.settings, shareable.settingsXml);
      steps.check(
        shareable.number === 1,
        'the first shareable has number 1; its settings.xml is for the instrument computer',
      );
    });
  }

  private upload(): Promise<void> {
    const { steps } = this;
    return steps.step('The operator uploads a folder with the Data Mover', async () => {
      const args = [
        'upload',
        '--settings',
        this.settings,
        '--to',
        ADA,
        '--to',
        BEA,
        '--name',
        'fish',
        '--keyword',
        'embryo',
        '--json',
        this.folder,
      ];
      const done = await command(args, this.state);
      this.uploadId = String(done['uploadId']);
      steps.say(`folder ${String(done['folder'])}, ${String(done['files'])} files, ${String(done['bytes'])} bytes`);
      steps.check(
        /^\d{4}-\d\d-\d\d_\d\d\.\d\d\.\d\d-1-1-scope1-fish$/.test(String(done['folder'])),
        'the folder is named by the rule',
      );
      const upload = await this.program.admin.expect<{ state: string; files: number }>(
        200,
        'GET',
        `/api/v1/admin/uploads/${this.uploadId}`,
      );
      steps.check(
        upload.state === 'complete',
        'the server compared number, sizes and checksums with Mediaflux: complete',
      );
      steps.check(
        upload.files === Object.keys(this.contents).length,
        `${upload.files} files, as many as in the folder`,
      );
      const listed = await mediaflux(
        this.program.endpoints.mediaflux,
        'asset.namespace.list',
        `<namespace>${PROJECT}/${String(done['folder'])}</namespace><assets>true</assets>`,
      );
      steps.check(/manifest\.ndjson/.test(listed), 'the manifest asset lies beside the data');
      const again = await command(args, this.state);
      steps.check(
        again['uploadId'] === this.uploadId && again['transferredBytes'] === 0,
        'the same command again reports the earlier upload and sends nothing',
      );
    });
  }

  private mail(): Promise<string> {
    const { steps, program } = this;
    return steps.step('Both recipients and the operator get a mail', async () => {
      const toAda = await program.mailbox.next(ADA, /your data/);
      const toBea = await program.mailbox.next(BEA, /your data/);
      const toOperator = await program.mailbox.next(OPERATOR, /has arrived/);
      steps.say(`“${toAda.subject}”`);
      steps.check(linkIn(toAda) !== linkIn(toBea), 'each has a link of their own');
      steps.check(toAda.html.includes(linkIn(toAda)), 'text and HTML hold the same link');
      steps.check(!/\/s\//.test(toOperator.text), "the operator's mail holds no link");
      return linkIn(toAda);
    });
  }

  private looking(link: string): Promise<void> {
    const { steps } = this;
    return steps.step('The link opens a page; looking counts as nothing', async () => {
      const page = await fetch(link, { headers: { accept: 'text/html' } });
      const html = await page.text();
      steps.check(
        page.status === 200 && html.includes('Download zip'),
        'the page shows the data and the ways to fetch them',
      );
      await fetch(link, { method: 'HEAD' });
      steps.check((await this.delivery(ADA)).accessedAt === null, 'GET and HEAD leave “viewed” at most');
    });
  }

  private direct(link: string): Promise<void> {
    const { steps } = this;
    return steps.step('Direct: one POST leads to a zip straight from Mediaflux', async () => {
      const answer = await fetch(`${link}/direct`, { method: 'POST', redirect: 'manual' });
      const location = answer.headers.get('location') ?? '';
      steps.check(
        answer.status === 303 && location.startsWith(this.program.endpoints.mediaflux),
        'it answers 303 with an address at Mediaflux',
      );
      const zip = Buffer.from(await (await fetch(location)).arrayBuffer());
      steps.check(
        isSameTree(contentsOfZip(zip), this.contents),
        `the zip (${zip.length} bytes) holds exactly the uploaded files, byte for byte`,
      );
      steps.check(foldersOfZip(zip).join() === 'empty-folder/', 'and the folder that is empty');
      const { methods } = await this.delivery(ADA);
      steps.check(
        methods['direct']?.phase === 'attempted',
        'recorded as attempted: whether it finished cannot be known',
      );
    });
  }

  private dataMover(link: string): Promise<void> {
    const { steps } = this;
    return steps.step('Data Mover: fetched in parallel, every checksum verified', async () => {
      const target = join(this.work, 'fetched');
      await command(['download', link, target, '--json'], this.state);
      steps.check(
        isSameTree(contentsOf(target), this.contents),
        'the folder is the one that was uploaded, byte for byte',
      );
      const { methods } = await this.delivery(ADA);
      steps.check(
        methods['data-mover']?.phase === 'completed',
        `recorded as completed: ${methods['data-mover']?.files ?? 0} files`,
      );
      const verified = await dataMover(['verify', target], this.state);
      steps.check(verified.code === 0, '`verify` finds it whole, without the network');
    });
  }

  private copy(link: string): Promise<void> {
    const { steps, program } = this;
    return steps.step('Copy: into the end user’s own Mediaflux project, with their own authority', async () => {
      const destination = '/projects/proj-researcher-1128.4.20/from-microscopy';
      const share = `/api/v1/shares/${link.slice(link.lastIndexOf('/') + 1)}`;
      const logon = { domain: 'demo', user: 'researcher', password: 'researcher' };
      const elsewhere = await program.admin.call('POST', `${share}/copies`, { ...logon, destination: PROJECT });
      steps.check(elsewhere.status === 422, 'where the user may not write it is refused');
      const { id } = await program.admin.expect<{ id: string }>(202, 'POST', `${share}/copies`, {
        ...logon,
        destination,
      });
      const copy = await until('the copy to end', async () => {
        const found = await program.admin.expect<{ state: string; files: number; reason?: string }>(
          200,
          'GET',
          `${share}/copies/${id}`,
        );
        return found.state === 'completed' || found.state === 'failed' ? found : undefined;
      });
      steps.check(copy.state === 'completed', `completed: ${copy.files} files, compared with the originals`);
      const held = await contentsOfNamespace(program.endpoints.mediaflux, destination);
      steps.check(isSameTree(held, this.contents), 'the project holds the same files, byte for byte');
    });
  }

  private operatorIsTold(): Promise<void> {
    const { steps, program } = this;
    return steps.step('The operator is told of the first access, once', async () => {
      const told = await program.mailbox.next(OPERATOR, /has started a direct download/);
      steps.say(`“${told.subject}”`);
      const all = (await program.mailbox.to(OPERATOR)).filter((mail) => mail.subject.includes(ADA));
      steps.check(all.length === 1, 'one mail, for the first counting access; it says “started”, never “completed”');
    });
  }

  private reminder(): Promise<void> {
    const { steps, program } = this;
    return steps.step('Reminders are switched on: only who has fetched nothing is reminded, once', async () => {
      await program.admin.expect(200, 'PATCH', `/api/v1/admin/platforms/${this.platformId}`, {
        reminders: { enabled: true },
      });
      const reminder = await program.mailbox.next(BEA, /^(Last r|R)eminder/);
      steps.say(`“${reminder.subject}”`);
      const dispatch = await program.mailbox.next(BEA, /your data/);
      steps.check(linkIn(reminder) === linkIn(dispatch), 'the same link as in the first mail');
      steps.check(
        reminder.headers['list-unsubscribe-post'] === 'List-Unsubscribe=One-Click',
        'one click stops further ones',
      );
      const notice = await program.mailbox.next('facility@example.org', /reminder/);
      steps.check(
        notice.text.includes(BEA) && !/\/s\//.test(notice.text),
        'the address in the project’s metadata is told who was reminded, without a link',
      );
      // Two further slots have passed when this run has finished.
      await this.runsAfter(2);
      const reminders = (await program.mailbox.all()).filter((mail) => /eminder: /.test(mail.subject));
      steps.check(
        reminders.filter((mail) => mail.to.includes(BEA)).length === 1,
        'not again within the spacing, though slots came by',
      );
      steps.check(!reminders.some((mail) => mail.to.includes(ADA)), 'Ada, who has fetched the data, is not reminded');
    });
  }

  private ending(link: string): Promise<void> {
    const { steps, program } = this;
    return steps.step('A revoked link opens nothing', async () => {
      const { id } = await this.delivery(ADA);
      await program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${id}/revoke`);
      const token = link.slice(link.lastIndexOf('/') + 1);
      const answers = await Promise.all([
        fetch(link),
        fetch(`${link}/direct`, { method: 'POST', redirect: 'manual' }),
        program.admin.call('POST', `/api/v1/shares/${token}/downloads`),
        program.admin.call('POST', `/api/v1/shares/${token}/copies`, {}),
      ]);
      steps.check(
        answers.every((answer) => answer.status === 410),
        'page, zip, Data Mover and copy all answer 410',
      );
    });
  }

  private async delivery(recipient: string): Promise<DeliveryDetail> {
    const { deliveries } = await this.program.admin.expect<{ deliveries: Delivery[] }>(
      200,
      'GET',
      `/api/v1/admin/uploads/${this.uploadId}`,
    );
    const found = deliveries.find((delivery) => delivery.recipient === recipient);
    if (!found) throw new Error(`There is no delivery to ${recipient}.`);
    return this.program.admin.expect<DeliveryDetail>(200, 'GET', `/api/v1/admin/deliveries/${found.id}`);
  }

  private runsAfter(count: number): Promise<true> {
    return until('further runs to finish', async () => {
      const runs = await this.program.admin.expect<{ items: { state: string; reminders: Record<string, number> }[] }>(
        200,
        'GET',
        `/api/v1/admin/platforms/${this.platformId}/reminder-runs`,
      );
      const sentAt = runs.items.findIndex((run) => run.reminders['sent'] !== undefined);
      return runs.items.slice(0, sentAt).filter((run) => run.state === 'finished').length >= count ? true : undefined;
    });
  }
}
