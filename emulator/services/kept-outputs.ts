// Outputs that are fetched later than they were made, or sent with their length ahead.

import type { Session } from '../access/sessions.js';
import { el, type Element } from '../xml/element.js';
import type { Output } from './output.js';
import type { World } from './service.js';

/** Kept with the session, for output.mfjp. One that is made while it is read is made now. */
export async function keepOutput(world: World, session: Session, output: Output): Promise<Element> {
  const id = String(world.state.nextNumber());
  session.outputs.set(id, output.size === undefined ? await spooled(world, output) : output);
  return el('id', id);
}

/** The output in a file of its own, so that its length is known. */
export async function spooled(world: World, output: Output): Promise<Output> {
  const sink = world.contents.sink();
  try {
    for await (const part of output.open()) await sink.write(part as Buffer);
  } catch (error) {
    await sink.discard();
    throw error;
  }
  const { file, size } = await sink.finish();
  return { ...output, size, temporaryFile: file, open: () => world.contents.read(file) };
}
