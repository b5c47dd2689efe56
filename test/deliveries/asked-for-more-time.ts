// Expired links, and people who ask for more time behind them.

import { beforeAll, expect } from '@jest/globals';
import { type Dispatched, type DispatchedUpload, dispatchTo, type Reply, send } from '../support/dispatched.js';
import type { Mail } from '../support/mailbox.js';
import type { stageOf } from '../support/stage.js';

export interface ExtensionRequest {
  id: string;
  deliveryId: string;
  state: string;
  reason: string | null;
  linkLifetime: string | null;
  recipient: string;
  requestedAt: string;
  decidedAt: string | null;
}

export const REQUESTS = '/api/v1/admin/extension-requests';

/** Before the tests of a file one upload is dispatched to all of these. */
export function askedBehindLinks(stage: ReturnType<typeof stageOf>, names: readonly string[]) {
  let upload: DispatchedUpload;
  beforeAll(async () => {
    upload = await dispatchTo(stage.program, [...names]);
  });

  const of = (name: string): Dispatched => {
    const delivery = upload.deliveries[name];
    if (!delivery) throw new Error(`Nothing was dispatched to ${name}.`);
    return delivery;
  };
  const expire = (name: string) =>
    stage.database.query(`update delivery set expires_at = now() - interval '1 second' where id = $1`, [of(name).id]);
  const open = (token: string, method = 'GET'): Promise<Reply> =>
    send(stage.server, method, `/s/${token}`, { accept: 'text/html' });
  const press = (token: string, headers: Record<string, string> = { accept: 'text/html' }): Promise<Reply> =>
    send(stage.server, 'POST', `/s/${token}/more-time`, headers);
  const requestsOf = async (name: string): Promise<ExtensionRequest[]> =>
    (
      await stage.program.admin.expect<{ extensionRequests: ExtensionRequest[] }>(
        200,
        'GET',
        `/api/v1/admin/deliveries/${of(name).id}`,
      )
    ).extensionRequests;
  /** As an end user does: the link expires, the button is pressed. */
  const ask = async (name: string): Promise<ExtensionRequest> => {
    await expire(name);
    expect((await press(of(name).token, {})).status).toBe(202);
    return openRequest(name);
  };
  const openRequest = async (name: string): Promise<ExtensionRequest> => {
    const [request] = (await requestsOf(name)).filter(({ state }) => state === 'open');
    if (!request) throw new Error(`${name} has no open request.`);
    return request;
  };
  const askedMails = async (name: string): Promise<Mail[]> =>
    (await stage.program.mailbox.to('ops@example.org')).filter(({ subject }) =>
      subject.includes(`${name}@example.org asks for more time`),
    );
  const auditOf = async (name: string): Promise<string[]> =>
    (
      await stage.program.admin.expect<{ items: { action: string }[] }>(
        200,
        'GET',
        `/api/v1/admin/audit?subject=${of(name).id}`,
      )
    ).items.map(({ action }) => action);
  const mailsWithLinkTo = async (name: string): Promise<Mail[]> =>
    (await stage.program.mailbox.to(`${name}@example.org`)).filter(({ subject }) => /your data/.test(subject));
  return { of, expire, open, press, requestsOf, ask, openRequest, askedMails, auditOf, mailsWithLinkTo };
}
