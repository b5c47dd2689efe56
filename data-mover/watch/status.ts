// `data-mover watch --status`: what is known of each dataset, whether a watch runs or not.

import { type DatasetRecord, isHeldUp, NOT_SENT } from './dataset.rules.js';
import { known } from './watch-state.js';

const WORDS: Record<DatasetRecord['state'], string> = {
  changing: 'not finished',
  waiting: 'waits',
  uploading: 'being uploaded',
  uploaded: 'uploaded',
  failed: 'failed',
};

/** Lines to print; as JSON, an object for each dataset. */
export function statusLines(folder: string, asJson: boolean): string[] {
  const { datasets, watchedBy } = known(folder);
  if (asJson) return [...datasets].map(([dataset, record]) => JSON.stringify(forPrograms(dataset, record)));
  if (datasets.size === 0) return ['No dataset is known in this folder.'];
  const width = Math.max(...[...datasets.keys()].map((name) => name.length));
  return [
    ...(watchedBy === undefined ? [] : [`Watched by the computer ${watchedBy}.`]),
    ...[...datasets].map(([name, record]) => `${name.padEnd(width)}  ${WORDS[record.state]}${detail(record)}`),
  ];
}

function detail(record: DatasetRecord): string {
  const { folder, message, attempts, nextTryAt, absentSince } = record;
  if (absentSince !== undefined)
    return `${folder === undefined ? '' : ` as ${folder}`}, not there since ${time(absentSince)}`;
  if (record.state === 'uploaded') {
    const changed = record.changedAt === undefined ? '' : `, and changed since ${time(record.changedAt)}: ${NOT_SENT}`;
    return ` as ${folder ?? 'unknown'}${changed}`;
  }
  if (record.state === 'failed')
    return ` ${attempts} ${attempts === 1 ? 'time' : 'times'}, next try ${time(nextTryAt)}: ${message ?? ''}`;
  return message === undefined ? `, unchanged since ${time(record.unchangedSince)}` : `: ${message}`;
}

function forPrograms(dataset: string, record: DatasetRecord) {
  const { state, attempts, message, folder, nextTryAt, uploadedAt, changedAt, absentSince } = record;
  return {
    dataset,
    state,
    ...(message === undefined ? {} : { message }),
    ...(attempts === 0 ? {} : { attempts }),
    ...(state === 'failed' || (state === 'waiting' && isHeldUp(record)) ? { nextTryAt: time(nextTryAt) } : {}),
    ...(folder === undefined ? {} : { folder }),
    ...(uploadedAt === undefined ? {} : { uploadedAt: time(uploadedAt) }),
    ...(changedAt === undefined ? {} : { changedAt: time(changedAt) }),
    ...(absentSince === undefined ? {} : { absentSince: time(absentSince) }),
  };
}

const time = (at: number): string => new Date(at).toISOString();
