// Assumptions about what a server says where it gives nothing.

import { randomBytes } from 'node:crypto';
import { childNamed, isMediafluxError, xml } from '../protocol/index.js';
import { uploadFile } from '../services/index.js';
import type { Assumption } from './assumption.js';
import { mustHold, textContent } from './site.js';

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

export const ANSWER_ASSUMPTIONS: readonly Assumption[] = [
  {
    number: 17,
    sentence: 'A session that is over is told with the words `session is not valid`.',
    async check(site) {
      const reply = await site.transport.post(
        '<request><service name="server.ping" session="none"></service></request>',
        { 'content-type': 'text/xml' },
      );
      mustHold((await textOf(reply.body)).includes('session is not valid'), 'it is told in other words');
    },
  },
  {
    number: 18,
    sentence: 'The server tells its version.',
    async check(site) {
      const result = await site.session.call('server.version');
      mustHold(childNamed(result, 'version') !== undefined, 'no version is told');
    },
  },
  {
    number: 19,
    sentence: 'A logon with a token that does not exist is refused in words that leave no doubt.',
    async check(site) {
      const nobody = site.as(randomBytes(16).toString('hex'));
      const error: unknown = await nobody.call('server.ping').then(
        () => undefined,
        (caught: unknown) => caught,
      );
      mustHold(isMediafluxError(error), 'the logon was taken');
      mustHold(
        nobody.state.refused,
        `it is told with '${error.causes.join("', '")}', which is tried again after a pause`,
      );
    },
  },
  {
    number: 21,
    sentence:
      '`content.mfjp` answers 401 or says `session is not valid` to a session that is over, and 404 where there is no content.',
    async check(site) {
      const path = `${await site.namespace()}/a.txt`;
      const { assetId } = await uploadFile(site.session, path, textContent('a', 'a'));
      const reply = await site.transport.get(`/mflux/content.mfjp?_skey=none&id=${assetId}`, {});
      const text = await textOf(reply.body);
      mustHold(
        reply.status === 401 || (reply.status !== 200 && text.includes('session is not valid')),
        `a session that is over is answered with status ${reply.status}`,
      );
      await site.session.call('asset.destroy', [xml('id', assetId)]);
      const gone: unknown = await site.session.content(assetId).then(
        (content) => content.return?.(),
        (error: unknown) => error,
      );
      mustHold(
        isMediafluxError(gone, 'not-found'),
        `a content that is gone is ${isMediafluxError(gone) ? gone.message : 'given'}`,
      );
    },
  },
];
