// The one table in which a person's address stands; everything else carries the person's id.

import { Inject, Injectable } from '@nestjs/common';
import { row, rows, type Tx } from '../database/index.js';
import { Ids } from '../ids/index.js';
import type { Address } from './address.rules.js';

@Injectable()
export class PersonsStore {
  constructor(@Inject(Ids) private readonly ids: Ids) {}

  /** The id of the person with this address, made when it is new. The address first seen is the one mailed to. */
  async idOf(tx: Tx, address: Address): Promise<string> {
    const made = await row<{ id: string }>(
      tx,
      `insert into person (id, address, address_key) values ($1, $2, $3)
       on conflict (address_key) do nothing returning id`,
      [this.ids.next(), address.address, address.key],
    );
    if (made) return made.id;
    const found = await row<{ id: string }>(tx, 'select id from person where address_key = $1', [address.key]);
    if (!found) throw new Error('A person vanished between two statements; try again.');
    return found.id;
  }

  /**
   * The ids of several persons, in the order given. They are made in the order of their keys: two transactions that name
   * the same new persons in different orders would wait for each other.
   */
  async idsOf(tx: Tx, addresses: readonly Address[]): Promise<string[]> {
    const ids = new Map<string, string>();
    for (const address of [...addresses].sort((left, right) => (left.key < right.key ? -1 : 1)))
      if (!ids.has(address.key)) ids.set(address.key, await this.idOf(tx, address));
    return addresses.flatMap((address) => ids.get(address.key) ?? []);
  }

  /** The language of mails to this person; null: their platform's. False when it was that already. */
  async setLanguage(tx: Tx, personId: string, language: string | null): Promise<boolean> {
    const changed = await row(
      tx,
      'update person set language = $2 where id = $1 and language is distinct from $2 returning id',
      [personId, language],
    );
    return changed !== undefined;
  }

  /** Addresses by person id; ids that nobody has are left out. */
  async addressesOf(tx: Tx, personIds: readonly string[]): Promise<Map<string, string>> {
    const found = await rows<{ id: string; address: string }>(
      tx,
      'select id, address from person where id = any($1::uuid[])',
      [personIds],
    );
    return new Map(found.map((person) => [person.id, person.address]));
  }
}
