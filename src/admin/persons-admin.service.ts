// What administrators say of a person: the language of mails to them.

import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AuditStore } from '../audit/index.js';
import { Transactions } from '../database/index.js';
import { InvalidFields } from '../http/index.js';
import { LANGUAGES } from '../language/index.js';
import { parseAddress, PersonsStore } from '../persons/index.js';
import { emailAddress } from '../platforms/index.js';

/** The person is named in the body: an address in a path would stand in logs. */
export const changePerson = z
  .strictObject({ address: emailAddress, language: z.enum(LANGUAGES).nullable() })
  .meta({ id: 'ChangePerson' });
export type ChangePerson = z.infer<typeof changePerson>;

@Injectable()
export class PersonsAdminService {
  constructor(
    @Inject(Transactions) private readonly transactions: Transactions,
    @Inject(PersonsStore) private readonly persons: PersonsStore,
    @Inject(AuditStore) private readonly audit: AuditStore,
  ) {}

  /** The person need not have had a delivery yet. */
  async change({ address, language }: ChangePerson) {
    const parsed = parseAddress(address);
    if (!parsed) throw new InvalidFields([{ path: 'address', message: 'must be an e-mail address' }]);
    return this.transactions.run(async (tx) => {
      const id = await this.persons.idOf(tx, parsed);
      if (await this.persons.setLanguage(tx, id, language))
        await this.audit.record(tx, {
          actor: 'admin',
          action: 'person.language',
          subjectKind: 'person',
          subjectId: id,
          after: { language },
        });
      return { id, address: parsed.address, language };
    });
  }
}
