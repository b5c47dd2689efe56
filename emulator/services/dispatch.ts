// Finds the service of a call, checks that the caller may call it, and runs it; `service.execute` runs others inside.

import { mayCall } from '../access/actors.js';
import type { Session } from '../access/sessions.js';
import { notAuthorized, ServiceFault, SessionInvalid } from '../faults.js';
import type { StoredContent } from '../store/byte-sink.js';
import { archiveServices } from '../archive/archive-service.js';
import { attributeOf, child, childrenOf, el, type Element, isTrue, textOf } from '../xml/element.js';
import { accessListServices } from './access-list-services.js';
import { assetServices } from './asset-services.js';
import { assetUpkeepServices } from './asset-upkeep.js';
import { authorizationServices } from './authorization-services.js';
import { collectionServices } from './collection-services.js';
import { backgroundServices, startTask } from './background-services.js';
import { type CallFrame, failed, passing } from './call-frames.js';
import { documentServices } from './documents.js';
import { contentOfTicket, ioServices } from './io-services.js';
import { keepOutput } from './kept-outputs.js';
import { namespaceServices } from './namespace-services.js';
import type { Output } from './output.js';
import { queryServices } from './query-services.js';
import { serverServices } from './server-services.js';
import { type Call, principals, type ServiceTable, type World } from './service.js';
import { actorOfToken, sessionServices } from './session-services.js';
import { tokenServices } from './token-services.js';
import { removeUnused } from './unused-inputs.js';

const SERVICES: ServiceTable = {
  ...sessionServices,
  ...serverServices,
  ...authorizationServices,
  ...tokenServices,
  ...namespaceServices,
  ...accessListServices,
  ...assetServices,
  ...assetUpkeepServices,
  ...collectionServices,
  ...documentServices,
  ...queryServices,
  ...ioServices,
  ...backgroundServices,
  ...archiveServices,
};

/** What a session whose token has ended may still ask: what became of it, and to end it. */
const ASKED_OF_THE_ENDED = new Set(['actor.self.describe', 'system.logoff']);

export interface Answer {
  result: Element[];
  outputs: Output[];
}

/** Runs one call. @throws ServiceFault, SessionInvalid */
export async function runService(
  world: World,
  name: string,
  args: Element,
  session: Session,
  inputs: StoredContent[],
): Promise<Answer> {
  const call: Call = {
    world,
    service: name,
    args,
    session,
    actor: session.actor,
    inputs,
    outputs: [],
    run: async (service, given) => (await runService(world, service, given, session, inputs)).result,
  };
  const frame: CallFrame = {
    service: name,
    args,
    actor: session.actor.name,
    sessionId: session.id,
    startedAt: world.now(),
  };
  if (name === 'service.execute') {
    const result = await execute(call).catch((error: unknown) => {
      throw passing(error, (message) => failed(name, message), frame);
    });
    return { result, outputs: call.outputs };
  }
  if (!world.sessions.isActorAlive(session.actor) && !ASKED_OF_THE_ENDED.has(name)) throw new SessionInvalid();
  const service = Object.hasOwn(SERVICES, name) ? SERVICES[name] : undefined;
  try {
    if (!service) throw new ServiceFault(`The service '${name}' is not known`);
    if (service.access !== null && !mayCall(world.state, call.actor, principals(call), name, service.access)) {
      throw notAuthorized(
        `user '${call.actor.name}' (id=${call.actor.id}) not granted ${service.access} to service '${name}'`,
      );
    }
    destroyTokenThatDiesOf(call);
    return { result: await service.run(call), outputs: call.outputs };
  } catch (error) {
    throw passing(error, (message) => failed(name, message), frame);
  }
}

/** `destroy-on-service-call` (reference 2.4). The call itself still runs, with what the token held. */
function destroyTokenThatDiesOf(call: Call): void {
  const { state } = call.world;
  const token = call.actor.tokenId === undefined ? undefined : state.get('token', call.actor.tokenId);
  if (token?.destroyOnCall !== call.service) return;
  call.actor = { ...call.actor, heldLast: principals(call) };
  state.commit(['token', String(token.id), null]);
}

/** Reference 1.3: arguments stand directly in the inner `service`; one `reply` for each, in order. */
async function execute(call: Call): Promise<Element[]> {
  const { world } = call;
  const token = textOf(call.args, 'token') ?? '';
  // The token's identity, with the iterators and outputs of the session that the call came in.
  const session =
    token === '' || call.session.isOpenedFor === token
      ? call.session
      : { ...call.session, actor: actorOfToken(world, token, undefined) };
  const via = textOf(call.args, 'outputs-via')?.toLowerCase();
  if (via !== undefined && via !== 'session')
    throw new ServiceFault(`Outputs via '${via}' are not supported by this emulator; ask for them via session`);
  const giveBack = takeTickets(call, session);
  const services = childrenOf(call.args, 'service');
  const background = child(call.args, 'background');
  if (background && isTrue(background.text)) {
    if (!world.sessions.isActorAlive(session.actor)) throw new SessionInvalid();
    // The task owns what came with the request from here on.
    const inputs = call.inputs.splice(0);
    const id = startTask(
      call,
      {
        service: nameOf(services[0]),
        description: textOf(call.args, 'description'),
        key: attributeOf(background, 'key'),
      },
      services.map((service, index) => async () => {
        const { result } = await runInner(world, service, index, session, inputs);
        return replyOf(service, result);
      }),
      () => {
        giveBack();
        void removeUnused(world, inputs);
      },
    );
    return [el('id', id)];
  }
  try {
    return await executeNow(call, session, services, via === 'session');
  } finally {
    giveBack();
  }
}

async function executeNow(
  call: Call,
  session: Session,
  services: Element[],
  isViaSession: boolean,
): Promise<Element[]> {
  const { world } = call;
  const replies: Element[] = [];
  const kept: Element[] = [];
  for (const [index, service] of services.entries()) {
    const answer = await runInner(world, service, index, session, call.inputs);
    replies.push(replyOf(service, answer.result));
    const isWanted = Number(attributeOf(service, 'outputs') ?? 0) > 0;
    if (isWanted && isViaSession)
      for (const output of answer.outputs) kept.push(await keepOutput(world, call.session, output));
    else call.outputs.push(...answer.outputs);
  }
  const uuid = el('uuid', world.state.nextNumber());
  return [uuid, ...replies, ...(kept.length > 0 ? [el('outputs', kept)] : [])];
}

/** Contents of IO jobs as inputs of the call, each of one call at a time. The answer gives back what no asset took. */
function takeTickets(call: Call, session: Session): () => void {
  const { world } = call;
  const taken: string[] = [];
  const giveBack = (): void => taken.forEach((file) => world.takenFiles.delete(file));
  try {
    for (const ticket of childrenOf(call.args, 'input-ticket')) {
      const content = contentOfTicket(world, session.actor.owner, ticket.text.trim());
      if (world.takenFiles.has(content.file))
        throw new ServiceFault(`The IO job ${ticket.text.trim()} is in use by another call`);
      world.takenFiles.add(content.file);
      taken.push(content.file);
      call.inputs.push(content);
    }
  } catch (error) {
    giveBack();
    throw error;
  }
  return giveBack;
}

const nameOf = (service: Element | undefined): string => (service ? (attributeOf(service, 'name') ?? '') : '');

const replyOf = (service: Element, result: Element[]): Element =>
  el('reply', [el('response', result)], { service: nameOf(service) });

/** Arguments stand in the `service`, or in an `args` of it, as some clients write. */
async function runInner(
  world: World,
  service: Element,
  index: number,
  session: Session,
  inputs: StoredContent[],
): Promise<Answer> {
  const name = nameOf(service);
  const only = service.children.length === 1 ? child(service, 'args') : undefined;
  try {
    return await runService(world, name, only ?? service, session, inputs);
  } catch (error) {
    throw passing(error, (message) =>
      failed('service.execute', `error executing service [idx=${index}] ${name}: ${message}`),
    );
  }
}
