// A program with one platform, and its upload shareables as administrators and computers see them.

import { beforeAll } from '@jest/globals';
import { Instrument, makePlatform, makeShareable, type MadeShareable } from '../support/instrument.js';
import { type Stage, type StageOptions, stageOf } from '../support/stage.js';

export interface Problem {
  type: string;
  detail: string;
  errors: { path: string; message: string }[];
}

export interface ShareableView {
  state: string;
  label: string;
  notify: string[];
  uses: number;
  limits: Record<string, unknown>;
  finishesUntil: string | null;
  tokens: {
    lastFour: string;
    lastUsedAt: string | null;
    lastRefusedAt: string | null;
    usedFrom: { host: string; program: string; uses: number }[];
  }[];
}

export class Shareables {
  platformId = '';

  constructor(readonly stage: Stage) {}

  make(fields: Record<string, unknown> = {}): Promise<MadeShareable> {
    return makeShareable(this.stage.program, this.platformId, fields);
  }

  instrumentOf({ token }: MadeShareable): Instrument {
    return new Instrument(this.stage.server, token);
  }

  shown(id: string): Promise<ShareableView> {
    return this.stage.program.admin.expect(200, 'GET', `/api/v1/admin/shareables/${id}`);
  }

  change(id: string, fields: Record<string, unknown>): Promise<ShareableView> {
    return this.stage.program.admin.expect(200, 'PATCH', `/api/v1/admin/shareables/${id}`, fields);
  }

  revoke(id: string, stopRunning = false): Promise<ShareableView> {
    return this.stage.program.admin.expect(200, 'POST', `/api/v1/admin/shareables/${id}/revoke`, { stopRunning });
  }
}

/** For the tests of a file. */
export function shareablesOf(options: StageOptions = {}): Shareables {
  const shareables = new Shareables(stageOf(options));
  beforeAll(async () => {
    shareables.platformId = await makePlatform(shareables.stage.program);
  });
  return shareables;
}
