// What an end user does with a link: pages, every method to its end, every button.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { RawClient } from '../support/raw-client.js';
import { until } from '../support/wait.js';
import { Conversation } from './conversation.js';

const PROJECT = '/projects/proj-researcher-1128.4.20';

export class Fetching extends Conversation {
  /** All three methods, and every button; by the person themselves. */
  async fetchAs(name: 'anna' | 'bertrand'): Promise<void> {
    const { token, unsubscribe } = this.of(name);
    const html = { accept: 'text/html' };
    for (const path of ['', '/files', '/files?path=deep', '/copy', '/direct-confirm', '/not-for-people', '/done'])
      await this.ask(name, 'GET', `/s/${token}${path}`, { headers: html });
    for (const path of ['', '/files']) await this.ask(name, 'GET', `/api/v1/shares/${token}${path}`);
    await this.direct(name, token);
    await this.download(name, token);
    await this.copy(name, token);
    for (const path of ['not-received', 'received', 'done', 'undone'])
      await this.ask(name, 'POST', `/s/${token}/${path}`, { headers: html });
    await this.ask(name, 'POST', `/s/${token}/language`, {
      body: new TextEncoder().encode('language=de'),
      headers: { ...html, 'content-type': 'application/x-www-form-urlencoded' },
    });
    await this.ask(name, 'GET', `/s/${token}`, { headers: html });
    for (const [method, path] of [
      ['GET', ''],
      ['POST', ''],
      ['POST', '/undo'],
    ] as const)
      await this.ask(name, method, `/u/${unsubscribe}${path}`, { headers: html });
  }

  private async direct(name: string, token: string): Promise<void> {
    const answer = await this.ask(name, 'POST', `/s/${token}/direct`);
    const location = answer.headers.get('location') ?? '';
    if (answer.status !== 303) throw new Error(`The direct download answered ${answer.status}.`);
    for (const value of new URL(location).searchParams.values())
      if (/^[A-Za-z0-9]{16,}$/.test(value)) this.stage.secrets.add('credential', 'a zip link', value, name);
    const zip = Buffer.from(await (await fetch(location)).arrayBuffer());
    this.keep(name, 'the zip', zip.toString('latin1'));
  }

  private async download(name: string, token: string): Promise<void> {
    const out = join(this.stage.work, `out-${name}`);
    mkdirSync(out);
    await this.mover('download', `${this.server}/s/${token}`, out, '--json');
    const begun = await this.must(201, name, 'POST', `/api/v1/shares/${token}/downloads`);
    const { id, mediaflux } = begun.json<{ id: string; mediaflux: { token: string; namespace: string } }>();
    this.stage.secrets.add('credential', 'a download credential', mediaflux.token, name);
    await this.lookAround(name, mediaflux);
    const path = `/api/v1/shares/${token}/downloads/${id}`;
    await this.must(204, name, 'POST', `${path}/progress`, { files: 1, bytes: 1 });
    await this.must(200, name, 'POST', `${path}/credential`);
    await this.must(204, name, 'POST', `${path}/fail`, { reason: 'no room' });
  }

  /** Whatever the credential of a download can be asked for in Mediaflux. */
  private async lookAround(name: string, given: { token: string; namespace: string }): Promise<void> {
    const client = new RawClient(this.stage.ear.url, { token: given.token });
    await client.logon();
    const folder = given.namespace.slice(0, given.namespace.lastIndexOf('/'));
    const project = folder.slice(0, folder.lastIndexOf('/'));
    const where = (query: string, action: string) =>
      `<where>${query}</where><size>1000</size><action>${action}</action>`;
    const calls: [service: string, args: string][] = [
      ['asset.query', where("namespace&gt;='/'", 'get-meta')],
      ['asset.query', where('asset has content', 'get-path')],
      ['asset.query', where("name='manifest.ndjson'", 'get-meta')],
      ['asset.get', `<id>path=${folder}/manifest.ndjson</id>`],
      ['asset.get', `<id>path=${given.namespace}/a.txt</id>`],
      ['asset.content.get', `<id>path=${folder}/manifest.ndjson</id>`],
      ['asset.archive.create', where("namespace&gt;='/projects'", 'get-meta')],
      ...[given.namespace, folder, project, '/projects', '/'].flatMap((path): [string, string][] => [
        ['asset.namespace.describe', `<namespace>${path}</namespace>`],
        ['asset.namespace.list', `<namespace>${path}</namespace><assets>true</assets>`],
      ]),
      ['actor.self.describe', ''],
      ['secure.identity.token.describe', ''],
    ];
    for (const [service, args] of calls)
      this.keep(name, `${service} by the download's credential`, await client.call(service, args));
  }

  private async copy(name: string, token: string): Promise<void> {
    const { researcher } = this.stage;
    const path = `/api/v1/shares/${token}/copies`;
    const destination = `${PROJECT}/${name}`;
    await this.ask(name, 'POST', path, {
      body: JSON.stringify({ ...researcher, password: `${researcher.password}x`, destination }),
    });
    const { id } = (await this.must(202, name, 'POST', path, { ...researcher, destination })).json<{ id: string }>();
    await until(
      'the copy',
      async () =>
        (await this.ask(name, 'GET', `${path}/${id}`)).json<{ state: string }>().state === 'completed' || undefined,
    );
    await this.ask(name, 'GET', `/s/${token}/copy/${id}`, { headers: { accept: 'text/html' } });
    const form = new URLSearchParams({ ...researcher, destination: `${PROJECT}/none/such/place`, token: '' });
    await this.ask(name, 'POST', `/s/${token}/copy`, {
      body: new TextEncoder().encode(form.toString()),
      headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
    });
  }
}
