// Rights given to users, and a namespace that is shut to most.

import { beforeAll } from '@jest/globals';
import { type RawClient, textIn } from '../support/raw-client.js';
import type { Lab } from './lab.js';

/** Only the operator may read and write in it. */
export const SHUT = '/projects/shut';

export const message = (reply: string): string => textIn(reply, 'message');
export const grant = (user: string, ...access: string[]) =>
  `<acl><actor type="user">${user}</actor><access>${access.join('')}</access></acl>`;
export const READING = [
  '<namespace>access</namespace>',
  '<asset>access</asset>',
  '<asset-content>access</asset-content>',
];
export const WRITING = [
  ...READING,
  '<namespace>create</namespace><namespace>destroy</namespace>',
  '<asset>create</asset><asset>modify</asset><asset>destroy</asset><asset-content>modify</asset-content>',
];
export const make = async (who: RawClient, args: string): Promise<string> => {
  const reply = await who.call('asset.create', args);
  const id = textIn(reply, 'id');
  if (id === '') throw new Error(message(reply));
  return id;
};

/** For the tests of a file. */
export function shutNamespaceIn(lab: Lab): void {
  beforeAll(async () => {
    await lab.manager.call('asset.namespace.create', `<namespace>${SHUT}</namespace>`);
    await lab.manager.call(
      'asset.namespace.acl.grant',
      `<namespace>${SHUT}</namespace>${grant('demo:operator', ...WRITING)}`,
    );
  });
}
