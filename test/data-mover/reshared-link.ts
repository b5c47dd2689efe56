// A link of its own for data that were uploaded before, as a reshare makes it, and its end.

import { linkIn } from '../support/mailbox.js';
import { until } from '../support/wait.js';
import type { Stage } from './stage.js';

export interface ResharedLink {
  link: string;
  deliveryId: string;
}

/** For the latest upload. */
export async function resharedLink({ program }: Stage, recipient: string): Promise<ResharedLink> {
  const { admin, mailbox } = program;
  const { items } = await admin.expect<{ items: { id: string }[] }>(200, 'GET', '/api/v1/admin/uploads?limit=1');
  const { id: deliveryId } = await admin.expect<{ id: string }>(
    201,
    'POST',
    `/api/v1/admin/uploads/${items[0]?.id ?? ''}/deliveries`,
    { recipient },
  );
  return { link: linkIn(await mailbox.next(recipient, /your data/)), deliveryId };
}

const statusOf = async (link: string): Promise<number> => (await fetch(link.replace('/s/', '/api/v1/shares/'))).status;

export async function letExpire({ program }: Stage, { link, deliveryId }: ResharedLink): Promise<void> {
  await program.admin.expect(200, 'POST', `/api/v1/admin/deliveries/${deliveryId}/extend`, { linkLifetime: 'PT1S' });
  await until('the link having expired', async () => ((await statusOf(link)) === 410 ? true : undefined));
}
