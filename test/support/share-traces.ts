// What an administrator of Mediaflux finds of a share: its namespace, and its role.

import { RawClient, textIn } from './raw-client.js';

export interface ShareTraces {
  namespace: boolean;
  role: boolean;
}

export const NO_TRACES: ShareTraces = { namespace: false, role: false };

export async function tracesOf(mediafluxUrl: string, share: { id: string; namespace: string }): Promise<ShareTraces> {
  const manager = new RawClient(mediafluxUrl, { domain: 'system', user: 'manager', password: 'manager' });
  await manager.logon();
  const exists = async (service: string, args: string): Promise<boolean> => {
    const answer = textIn(await manager.call(service, args), 'exists');
    if (answer !== 'true' && answer !== 'false') throw new Error(`${service} told nothing.`);
    return answer === 'true';
  };
  return {
    namespace: await exists('asset.namespace.exists', `<namespace>${share.namespace}</namespace>`),
    role: await exists('authorization.role.exists', `<role>dispatch:share-${share.id}</role>`),
  };
}
