// What a client that followed the hidden link presses is kept and not taken, whichever button it is; and it is told so.

import { expect, it } from '@jest/globals';
import { type Dispatched, dispatchTo, type Reply, send } from '../support/dispatched.js';
import { PROMPT, stageOf } from '../support/stage.js';

const stage = stageOf({ env: PROMPT });
const GATEWAY = { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0', accept: 'text/html' };
const PERSON = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0', accept: 'text/html' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

it.each([
  ['done', ''],
  ['undone', ''],
  ['received', ''],
  ['not-received', ''],
  ['language', 'language=fr'],
])(
  '/%s says that it was not counted, and to a person behind the same address nothing of the kind',
  async (path, body) => {
    const to = (await dispatchTo(stage.program, ['ada'])).deliveries['ada'] as Dispatched;
    const press = (client: Record<string, string>): Promise<Reply> =>
      send(stage.server, 'POST', `/s/${to.token}/${path}`, { ...client, ...FORM }, body);
    await send(stage.server, 'GET', `/s/${to.token}/not-for-people`, GATEWAY);
    const said = await press(GATEWAY);
    expect({ status: said.status, isTold: said.body.includes('This was not counted') }).toEqual({
      status: 200,
      isTold: true,
    });
    expect((await press(PERSON)).status).toBe(303);
  },
);
