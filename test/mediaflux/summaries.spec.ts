// What a folder holds, told by queries of their own, of which verification takes that nothing has changed. A canned server.

import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { summarize } from '../../src/mediaflux/gateway/folder-listing.js';
import { CannedServer, reply } from '../support/canned-server.js';

let server: CannedServer;
beforeEach(() => {
  server = new CannedServer();
});
afterEach(() => server.close());

async function summary(count: string, range: string) {
  const session = await server.start();
  server.answers(({ body }, response) => response.end(reply(body.includes('<action>count</action>') ? count : range)));
  return summarize(session, '/a/b');
}

it.each([
  ['<value>2</value>', '<value nbe="2"><min>5</min><max>7</max></value>', { count: 2, newestStime: 7 }],
  ['<value>0</value>', '<value nbe="0"/>', { count: 0, newestStime: 0 }],
  ['<value>0</value>', '', { count: 0, newestStime: 0 }],
])('%s with %s is taken as it is told', async (count, range, expected) => {
  expect(await summary(count, range)).toEqual(expected);
});

it.each(['<value nbe="2"/>', '<value nbe="2"><min></min><max></max></value>', ''])(
  'files of which no change number is told (%s) are not taken for unchanged ones',
  async (range) => {
    await expect(summary('<value>2</value>', range)).rejects.toMatchObject({
      kind: 'malformed-reply',
      service: 'asset.query',
    });
  },
);
