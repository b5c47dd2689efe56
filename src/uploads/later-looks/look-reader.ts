// What later looks found, for people.

import { Inject, Injectable } from '@nestjs/common';
import { rows, Transactions } from '../../database/index.js';
import { zonedIso } from '../../time/index.js';
import type { Finding } from './later-looks.rules.js';
import type { DifferingPath } from './later-looks.store.js';

interface ShownLook {
  look: number;
  at: string;
  finding: Finding;
  verifiedFiles: number;
  /** Null where nothing was seen. */
  files: number | null;
  /** How many paths differ from the manifest; null where files were not compared. */
  differences: number | null;
  /** The first of them. */
  paths: DifferingPath[];
}

interface LookRow {
  id: string;
  look: number;
  at: Date;
  finding: Finding;
  verified_files: number;
  files: number | null;
  differences: number | null;
}

const SHOWN_PATHS = 100;

@Injectable()
export class LookReader {
  constructor(@Inject(Transactions) private readonly transactions: Transactions) {}

  /** In their order. */
  async of(uploadId: string, timeZone: string): Promise<ShownLook[]> {
    const { pool } = this.transactions;
    const found = await rows<LookRow>(
      pool,
      `select id, look, at, finding, verified_files, files, differences
         from upload_look
        where upload_id = $1
        order by look`,
      [uploadId],
    );
    return Promise.all(
      found.map(async ({ id, at, verified_files, ...look }) => ({
        ...look,
        at: zonedIso(at, timeZone),
        verifiedFiles: verified_files,
        paths: look.finding === 'changed' ? await this.paths(id) : [],
      })),
    );
  }

  /** What stands among an upload's warnings: what was seen last, where that is not as it should be, and a look that saw nothing. */
  async warnings(uploadId: string, timeZone: string): Promise<string[]> {
    const looks = await this.of(uploadId, timeZone);
    const seen = looks.filter(({ finding }) => finding !== 'not-seen').at(-1);
    const last = looks.at(-1);
    return [...new Set([seen, last])].flatMap((look) => (look && WARNINGS[look.finding]?.(look)) ?? []);
  }

  private paths(lookId: string): Promise<DifferingPath[]> {
    return rows<DifferingPath>(
      this.transactions.pool,
      `select path, problem from upload_look_path where look_id = $1 order by position limit ${SHOWN_PATHS}`,
      [lookId],
    );
  }
}

const WARNINGS: Partial<Record<Finding, (look: ShownLook) => string>> = {
  changed: ({ at, files, verifiedFiles, differences }) =>
    `The folder in Mediaflux has changed since it was verified: seen at ${at}, files ${files}, verified ${verifiedFiles}, different from the manifest ${differences}.`,
  gone: ({ at }) => `The folder was no longer in Mediaflux at ${at}.`,
  'not-seen': ({ at }) =>
    `Whether the folder is still as it was verified could not be looked up by ${at}: Mediaflux refused it.`,
};
