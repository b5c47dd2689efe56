// A copy whose worker is killed at its very end.

import { expect, it } from '@jest/globals';
import { Api } from '../support/api.js';
import { type Dispatched, dispatchTo } from '../support/dispatched.js';
import { PROMPT, stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';

const stage = stageOf({ env: PROMPT });

it('is complete, and counts, when all of it was copied and only its token was still to be destroyed', async () => {
  const to = (await dispatchTo(stage.program, ['ada'])).deliveries['ada'] as Dispatched;
  const copies = `/api/v1/shares/${to.token}/copies`;
  const isEnding = stage.hold('secure.identity.token.destroy');
  const { id } = await new Api(stage.server).expect<{ id: string }>(202, 'POST', copies, {
    domain: 'demo',
    user: 'researcher',
    password: 'researcher',
    destination: '/projects/proj-researcher-1128.4.20/killed',
  });
  await isEnding();
  await stage.program.kill();
  stage.faults.clear();
  await stage.startServer();
  const ended = await until('the end of the copy', async () => {
    const copy = await new Api(stage.server).expect<{ state: string }>(200, 'GET', `${copies}/${id}`);
    return ['requested', 'copying'].includes(copy.state) ? undefined : copy;
  });
  expect(ended).toMatchObject({ state: 'completed', files: 2, bytes: 3 });
  const delivery = await stage.program.admin.expect(200, 'GET', `/api/v1/admin/deliveries/${to.id}`);
  expect(delivery).toMatchObject({ state: 'accessed', methods: { copy: { phase: 'completed' } } });
});
