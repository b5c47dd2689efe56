// What the server is asked for to begin an upload, and what it would say to that: wrong people are told before a long look
// through a large folder, and not after it.

import { hostname, platform } from 'node:os';
import type { DispatchClient } from '../dispatch-api/client.js';
import { Failure } from '../failures.js';
import type { UploadNotes } from '../journal/uploads/upload-notes.js';
import { PROGRAM } from '../version.js';
import type { UploadOptions } from './upload.types.js';
import { youngestFileTime } from '../tree/youngest.rules.js';

/** Body of the call that begins it. */
export function startOf({ to, keywords, name, note }: UploadOptions, youngestMs: number) {
  return {
    recipients: to,
    keywords,
    ...(name === undefined ? {} : { name }),
    ...(note === undefined ? {} : { note }),
    youngestFileTime: youngestFileTime(youngestMs),
    client: { program: PROGRAM, host: hostname(), os: platform() },
  };
}

/** What a start would come to. */
export interface Foreseen {
  /** Name of the folder, with `N` for the number that it would get. */
  folder: string;
  warnings: string[];
}

/** @throws Failure what a start would be refused for; StillAway */
export const foresee = (client: DispatchClient, options: UploadOptions, youngestMs: number): Promise<Foreseen> =>
  client.askAtOnce<Foreseen>('/api/v1/uploads/check', startOf(options, youngestMs));

/**
 * Before anything is looked at, where this command can only begin a new upload. Whatever else is the matter, the start
 * itself tells, or waits for.
 * @param nowMs stands for the time of the youngest file, which is not known yet
 * @throws Failure the start would be refused whenever it is tried
 */
export async function refuseInTime(
  client: DispatchClient,
  options: UploadOptions,
  notes: UploadNotes,
  nowMs: number,
): Promise<void> {
  if (notes.begun(options.server).length > 0 || notes.unanswered(options.server)) return;
  try {
    await foresee(client, options, nowMs);
  } catch (error) {
    client.options.signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    const isOfFields = error.status === 422 && error.problem?.passes !== true;
    if (isOfFields || error.exitCode === 3) throw error;
  }
}
