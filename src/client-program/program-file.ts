// The Data Mover as one file, as the build made it beside the server.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { NotFound } from '../http/index.js';
import { PROGRAM_NAME } from '../views/index.js';

interface Built {
  content: Buffer;
  sha256: string;
}

@Injectable()
export class ProgramFile {
  private found: Promise<Built | undefined> | undefined;

  /** @param built folder with the built program */
  constructor(private readonly built: string) {}

  /** Undefined where the build left it out: it needs esbuild, which production does not install. */
  find(): Promise<Built | undefined> {
    this.found ??= read(join(this.built, 'data-mover-program', PROGRAM_NAME));
    return this.found;
  }

  /** @throws NotFound */
  async get(): Promise<Built> {
    const built = await this.find();
    if (!built) throw new NotFound('Data Mover on this server');
    return built;
  }
}

async function read(place: string): Promise<Built | undefined> {
  try {
    const content = await readFile(place);
    return { content, sha256: createHash('sha256').update(content).digest('hex') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
