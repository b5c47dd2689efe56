// What the emulator acknowledged is there after `kill -9`, whole; what it did not acknowledge is there whole or not at all.

import { expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf } from '../support/files.js';
import { freshFolder } from '../support/folders.js';
import { root } from '../support/program.js';
import { RawClient, textIn, texts } from '../support/raw-client.js';

const LAB = '/projects/proj-researcher-1128.4.20';
const KILLS = process.env['DISPATCH_TEST_LONG'] ? 20 : 4;

async function start(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [join(root, 'dist/emulator/main.js'), '--port', '0', '--data', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error('The emulator ended.')));
    child.stdout.on('data', (part: Buffer) => {
      const found = /listening on (\S+)/.exec(part.toString())?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  return { child, url };
}

it('keeps every file that it acknowledged', async () => {
  const dataDir = freshFolder();
  const acknowledged = new Map<string, Buffer>();
  let made = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const { child, url } = await start(dataDir);
    const client = new RawClient(url, { domain: 'demo', user: 'researcher', password: 'researcher' });
    await client.logon();
    const upload = async (): Promise<void> => {
      for (;;) {
        const name = `f${made++}`;
        const bytes = bytesOf(name, (made * 7_919) % 400_000);
        const request = client.request(
          'asset.create',
          `<namespace create="true">${LAB}/k${kill}</namespace><name>${name}</name>`,
        );
        const id = await client.upload(request, bytes).then((reply) => textIn(reply, 'id'));
        if (id === '') throw new Error('The upload was refused.');
        acknowledged.set(id, bytes);
        if (made % 13 === 5 + kill) child.kill('SIGKILL');
      }
    };
    const ended = once(child, 'exit');
    await Promise.allSettled([upload(), upload(), upload()]);
    await ended;
  }
  expect(acknowledged.size).toBeGreaterThan(KILLS);
  const { child, url } = await start(dataDir);
  const client = new RawClient(url, { domain: 'demo', user: 'researcher', password: 'researcher' });
  await client.logon();
  for (const [id, bytes] of acknowledged) {
    const content = await client.get(`/mflux/content.mfjp?_skey=${client.session}&id=${id}`);
    expect(Buffer.from(await content.arrayBuffer()).equals(bytes)).toBe(true);
  }
  const listed = texts(
    await client.call(
      'asset.query',
      `<namespace>${LAB}</namespace><action>get-value</action><xpath ename="s">content/size</xpath><size>infinity</size>`,
    ),
    's',
  );
  expect(listed.length).toBeGreaterThanOrEqual(acknowledged.size);
  expect(readdirSync(join(dataDir, 'content'))).toHaveLength(listed.length);
  child.kill('SIGKILL');
  await once(child, 'exit');
});
