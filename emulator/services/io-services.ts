// Content in pieces (reference 4): a job gives a ticket, pieces are written at offsets, and when the job is finished an
// `input-ticket` hands the whole to a service as if it had come with the request. What `describe` tells is this
// emulator's choice: the reference knows the call and not its reply.

import { randomInt } from 'node:crypto';
import { invalidArgument, notAuthorized, ServiceFault, storeFull } from '../faults.js';
import type { IoJobRecord } from '../store/records.js';
import type { StoredContent } from '../store/byte-sink.js';
import { el, type Element, textOf } from '../xml/element.js';
import { type Call, needed, type ServiceTable, wholeNumber, type World } from './service.js';

export const ioServices: ServiceTable = {
  'server.io.job.create': {
    access: 'MODIFY',
    async run(call) {
      const store = needed(call, 'store');
      if (!/^asset(:|$)/.test(store)) throw invalidArgument('args/store', `'${store}' is not a store of assets`);
      const { state, contents } = call.world;
      // Not to be guessed: tokens of one account share its jobs.
      const ticket = randomInt(2 ** 47);
      const file = await contents.create();
      const inOrder = { size: 0, crc: 0 };
      const job: IoJobRecord = { ticket, owner: call.actor.owner, store, file, isFinished: false, inOrder };
      state.commit(['ioJob', String(ticket), job]);
      return [el('ticket', ticket)];
    },
  },
  'server.io.job.describe': {
    access: 'ACCESS',
    async run(call) {
      const job = ownJob(call.world, call.actor.owner, needed(call, 'ticket'));
      return [
        el(
          'job',
          [
            el('store', job.store),
            el('path', call.world.contents.path(job.file)),
            el('size', await call.world.contents.sizeOf(job.file)),
            el('state', job.isFinished ? 'finished' : 'open'),
          ],
          { ticket: job.ticket },
        ),
      ];
    },
  },
  'server.io.write': { access: 'MODIFY', run: write },
  'server.io.write.finish': {
    access: 'MODIFY',
    async run(call) {
      const { contents } = call.world;
      const { file } = ownJob(call.world, call.actor.owner, needed(call, 'ticket'));
      await contents.pieces.shut(file);
      try {
        await finishJob(call, ownJob(call.world, call.actor.owner, needed(call, 'ticket')));
      } catch (error) {
        contents.pieces.reopen(file);
        throw error;
      }
      return [];
    },
  },
};

/** Nothing is written to the job's file any more. */
async function finishJob(call: Call, job: IoJobRecord): Promise<void> {
  if (job.isFinished) return;
  const { state, contents } = call.world;
  const isInOrder = job.inOrder !== undefined && job.inOrder.size === (await contents.sizeOf(job.file));
  const { size, crc } = isInOrder && job.inOrder ? job.inOrder : await contents.checksum(job.file);
  state.commit(['ioJob', String(job.ticket), { ...job, isFinished: true, size, crc }]);
}

/** The piece has been written where it belongs while it arrived; what did not is refused here. */
async function write(call: Call): Promise<Element[]> {
  const job = ownJob(call.world, call.actor.owner, needed(call, 'ticket'));
  const offset = placeOfPiece(call);
  if (job.isFinished || call.world.contents.pieces.isShut(job.file))
    throw new ServiceFault(`The IO job ${job.ticket} is finished`);
  if (call.world.contents.isFull) throw storeFull('There is not enough space left in the store');
  const piece = call.inputs.shift();
  if (!piece) throw invalidArgument('args', 'no data came with the request');
  if (piece.file !== job.file) {
    await call.world.contents.remove(piece.file);
    throw new ServiceFault(`The piece could not be written to the IO job ${job.ticket}`);
  }
  const { inOrder, ...rest } = job;
  const goesOn = inOrder?.size === offset;
  const record = goesOn ? { ...rest, inOrder: { size: offset + piece.size, crc: piece.crc } } : rest;
  if (piece.size > 0) call.world.state.commit(['ioJob', String(job.ticket), record]);
  return [];
}

/** Larger than any file system takes. */
const LARGEST_OFFSET = 2 ** 52;

function placeOfPiece(call: Call): number {
  const offset = wholeNumber(call, 'offset', 0);
  if (offset > LARGEST_OFFSET) throw storeFull('There is not enough space left in the store');
  return offset;
}

/** @throws ServiceFault no such job, or another user's */
function ownJob(world: World, owner: string, ticket: string): IoJobRecord {
  const job = world.state.get('ioJob', ticket);
  if (!job) throw new ServiceFault(`The IO job ${ticket} does not exist`);
  if (job.owner !== owner) throw notAuthorized(`user '${owner}' not granted ACCESS to IO job ${ticket}`);
  return job;
}

/**
 * Where the bytes of a `server.io.write` go: the job's file, if the job is open and the caller's own. A piece that does
 * not go on where the last one ended, or comes beside another, ends the order in which a checksum can be kept.
 */
export function pieceOf(
  world: World,
  owner: string,
  args: Element,
): { file: string; offset: number; crcBefore: number } | undefined {
  const job = world.state.get('ioJob', textOf(args, 'ticket') ?? '');
  const offset = Number(textOf(args, 'offset') ?? 0);
  if (!job || job.owner !== owner || job.isFinished) return undefined;
  if (!Number.isSafeInteger(offset) || offset < 0 || offset > LARGEST_OFFSET) return undefined;
  const { inOrder, ...rest } = job;
  if (inOrder?.size === offset && !world.contents.pieces.isBusy(job.file))
    return { file: job.file, offset, crcBefore: inOrder.crc };
  if (inOrder) world.state.commit(['ioJob', String(job.ticket), rest]);
  return { file: job.file, offset, crcBefore: 0 };
}

/** The content of a finished job, for `input-ticket`. @throws ServiceFault none, another user's, or not finished */
export function contentOfTicket(world: World, owner: string, ticket: string): StoredContent {
  const job = ownJob(world, owner, ticket);
  if (!job.isFinished || job.size === undefined || job.crc === undefined)
    throw new ServiceFault(`The IO job ${ticket} is not finished`);
  return { file: job.file, size: job.size, crc: job.crc };
}

/** All of them, with what was written. Answers how many there were. */
export function forgetIoJobs(world: World): number {
  const jobs = [...world.state.all('ioJob')];
  for (const { ticket, file } of jobs) {
    world.state.commit(['ioJob', String(ticket), null]);
    void world.contents.remove(file);
  }
  return jobs.length;
}
