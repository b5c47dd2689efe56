// Finds the service of a call, checks that the caller may call it, and runs it; `service.execute` runs others inside.

import { mayCall } from '../access/actors.js';
import type { Session } from '../access/sessions.js';
import { notAuthorized, ServiceFault, SessionInvalid } from '../faults.js';
import type { StoredContent } from '../store/contents.js';
import { childrenOf, el, type Element, textOf } from '../xml/element.js';
import { assetServices } from './asset-services.js';
import { authorizationServices } from './authorization-services.js';
import { documentServices } from './documents.js';
import { namespaceServices } from './namespace-services.js';
import { queryServices } from './query-services.js';
import { type Call, principals, type ServiceTable, type World } from './service.js';
import { serverServices, sessionForToken, sessionServices } from './session-services.js';
import { archiveServices } from '../archive/archive-service.js';

const SERVICES: ServiceTable = {
  ...sessionServices,
  ...serverServices,
  ...authorizationServices,
  ...namespaceServices,
  ...assetServices,
  ...documentServices,
  ...queryServices,
  ...archiveServices,
};

export interface Answer {
  result: Element[];
  outputs: Call['outputs'];
}

/** Runs one call. @throws ServiceFault, SessionInvalid */
export async function runService(
  world: World,
  name: string,
  args: Element,
  session: Session,
  inputs: StoredContent[],
): Promise<Answer> {
  const call: Call = { world, service: name, args, session, actor: session.actor, inputs, outputs: [] };
  if (name === 'service.execute') return { result: await execute(call), outputs: call.outputs };
  const service = Object.hasOwn(SERVICES, name) ? SERVICES[name] : undefined;
  if (!service) throw new ServiceFault(failed(name, `The service '${name}' is not known`));
  try {
    if (service.access !== null && !mayCall(world.state, call.actor, principals(call), name, service.access)) {
      throw notAuthorized(
        `user '${call.actor.name}' (id=${call.actor.id}) not granted ${service.access} to service '${name}'`,
      );
    }
    return { result: await service.run(call), outputs: call.outputs };
  } catch (error) {
    if (error instanceof ServiceFault) throw new ServiceFault(failed(name, error.message), error.cause_);
    throw error;
  }
}

const failed = (service: string, message: string): string =>
  message.startsWith('call to service') ? message : `call to service '${service}' failed: ${message}`;

/** Reference 1.3: arguments stand directly in the inner `service`; one `reply` for each, in order. */
async function execute(call: Call): Promise<Element[]> {
  const { world } = call;
  const token = textOf(call.args, 'token');
  const session = token === undefined ? call.session : sessionForToken(world, token, undefined);
  const replies: Element[] = [];
  const kept: Element[] = [];
  for (const [index, service] of childrenOf(call.args, 'service').entries()) {
    const name = service.attributes['name'] ?? '';
    try {
      const answer = await runService(world, name, service, session, call.inputs);
      replies.push(el('reply', [el('response', answer.result)], { service: name }));
      if (service.attributes['outputs'] !== undefined && textOf(call.args, 'outputs-via') === 'session') {
        for (const output of answer.outputs) kept.push(keepOutput(world, call.session, output));
      } else call.outputs.push(...answer.outputs);
    } catch (error) {
      if (!(error instanceof ServiceFault)) throw error;
      throw new ServiceFault(
        failed('service.execute', `error executing service [idx=${index}] ${name}: ${error.message}`),
        error.cause_,
      );
    } finally {
      if (token !== undefined && index === childrenOf(call.args, 'service').length - 1) world.sessions.close(session);
    }
  }
  const uuid = el('uuid', world.state.nextNumber());
  return [uuid, ...replies, ...(kept.length > 0 ? [el('outputs', kept)] : [])];
}

function keepOutput(world: World, session: Session, output: { file: string; size: number; type: string }): Element {
  const id = String(world.state.nextNumber());
  session.outputs.set(id, output);
  return el('id', id);
}

/** The session of a request: its key, or a token given with the call. @throws SessionInvalid, ServiceFault */
export function sessionOf(world: World, service: Element): Session {
  const token = service.attributes['token'];
  if (token !== undefined) return sessionForToken(world, token, service.attributes['app']);
  const key = service.attributes['session'];
  if (key === undefined || key === '') throw new SessionInvalid();
  return world.sessions.find(key);
}
