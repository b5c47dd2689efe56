// What a link's holder may know: the delivery, its files, how far each method has come.

import { Inject, Injectable } from '@nestjs/common';
import type { LinkIdentity } from '../auth/index.js';
import { rows, Transactions } from '../database/index.js';
import {
  type DeliveryFacts,
  findDeliveries,
  findDelivery,
  type FurthestPhase,
  furthestPhases,
  methodPhases,
  type MethodPhases,
} from '../deliveries/index.js';
import { decodeCursor, NotFound, pageOf, type PageQuery } from '../http/index.js';
import type { DispatchMethod } from '../platforms/index.js';
import { zonedIso } from '../time/index.js';
import { MethodNotOffered } from './access.errors.js';

interface FileRow {
  line: number;
  path: string;
  type: 'file' | 'directory';
  size: number;
  crc32: string | null;
  modified_at: Date | null;
}

@Injectable()
export class SharedDataService {
  constructor(@Inject(Transactions) private readonly transactions: Transactions) {}

  async facts(link: LinkIdentity): Promise<DeliveryFacts> {
    const facts = await findDelivery(this.transactions.pool, link.deliveryId);
    if (!facts) throw new NotFound('delivery');
    return facts;
  }

  /** Of every delivery that the link is about. */
  async factsOfAll(link: LinkIdentity): Promise<DeliveryFacts[]> {
    return findDeliveries(this.transactions.pool, [link.deliveryId, ...link.others]);
  }

  /** @throws MethodNotOffered */
  async factsFor(link: LinkIdentity, method: DispatchMethod): Promise<DeliveryFacts> {
    const facts = await this.facts(link);
    if (!facts.methods.includes(method)) throw new MethodNotOffered(`${facts.contactName} (${facts.contactEmail})`);
    return facts;
  }

  /** @param furthest where they were read already */
  phases(facts: Parameters<typeof furthestPhases>[1], furthest?: readonly FurthestPhase[]): Promise<MethodPhases> {
    const { pool } = this.transactions;
    return furthest ? methodPhases(pool, facts, furthest) : furthestPhases(pool, facts);
  }

  async describe(link: LinkIdentity) {
    const facts = await this.facts(link);
    const phases = await this.phases(facts);
    const at = (moment: Date | null): string | null => moment && zonedIso(moment, facts.timeZone);
    return {
      folder: facts.folder,
      platform: { name: facts.platform },
      sender: { platform: facts.platform, operator: facts.operatorName },
      files: facts.files,
      bytes: facts.bytes,
      keywords: facts.keywords,
      note: facts.note,
      uploadedAt: at(facts.uploadedAt),
      expiresAt: at(facts.expiresAt),
      doneAt: at(facts.doneAt),
      contact: { name: facts.contactName, email: facts.contactEmail },
      methods: Object.fromEntries(facts.methods.map((method) => [method, phases[method]])),
      copyPasswords: facts.copyPasswords,
    };
  }

  async files(link: LinkIdentity, query: PageQuery) {
    const facts = await this.facts(link);
    const after = Number(decodeCursor(query.cursor, ['number'])?.[0] ?? 0);
    const found = await rows<FileRow>(
      this.transactions.pool,
      `select line, path, type, size, crc32, modified_at
         from manifest_entry
        where manifest_id = $1
          and line > $2::bigint
        order by line
        limit $3::int`,
      [facts.manifestId, after, query.limit + 1],
    );
    return pageOf(
      found,
      query.limit,
      ({ path, type, size, crc32, modified_at: modifiedAt }) => ({
        path,
        type,
        size,
        crc32,
        mtime: modifiedAt?.toISOString() ?? null,
      }),
      ({ line }) => [line],
    );
  }
}
