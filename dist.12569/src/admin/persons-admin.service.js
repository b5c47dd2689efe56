function _ts_decorate(decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") {
        r = Reflect.decorate(decorators, target, key, desc);
    } else {
        for(var i = decorators.length - 1; i >= 0; i--){
            if (d = decorators[i]) {
                r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
            }
        }
    }
    return c > 3 && r && Object.defineProperty(target, key, r), r;
}
function _ts_metadata(metadataKey, metadataValue) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") {
        return Reflect.metadata(metadataKey, metadataValue);
    }
}
function _ts_param(paramIndex, decorator) {
    return function(target, key) {
        decorator(target, key, paramIndex);
    };
}
// What administrators say of a person: the language of mails to them.
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AuditStore } from '../audit/index.js';
import { Transactions } from '../database/index.js';
import { InvalidFields } from '../http/index.js';
import { LANGUAGES } from '../language/index.js';
import { parseAddress, PersonsStore } from '../persons/index.js';
import { emailAddress } from '../platforms/index.js';
/** The person is named in the body: an address in a path would stand in logs. */ export const changePerson = z.strictObject({
    address: emailAddress,
    language: z.enum(LANGUAGES).nullable()
}).meta({
    id: 'ChangePerson'
});
export class PersonsAdminService {
    transactions;
    persons;
    audit;
    constructor(transactions, persons, audit){
        this.transactions = transactions;
        this.persons = persons;
        this.audit = audit;
    }
    /** The person need not have had a delivery yet. */ async change({ address, language }) {
        const parsed = parseAddress(address);
        if (!parsed) throw new InvalidFields([
            {
                path: 'address',
                message: 'must be an e-mail address'
            }
        ]);
        return this.transactions.run(async (tx)=>{
            const id = await this.persons.idOf(tx, parsed);
            if (await this.persons.setLanguage(tx, id, language)) await this.audit.record(tx, {
                actor: 'admin',
                action: 'person.language',
                subjectKind: 'person',
                subjectId: id,
                after: {
                    language
                }
            });
            return {
                id,
                address: parsed.address,
                language
            };
        });
    }
}
PersonsAdminService = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(Transactions)),
    _ts_param(1, Inject(PersonsStore)),
    _ts_param(2, Inject(AuditStore)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Transactions === "undefined" ? Object : Transactions,
        typeof PersonsStore === "undefined" ? Object : PersonsStore,
        typeof AuditStore === "undefined" ? Object : AuditStore
    ])
], PersonsAdminService);

//# sourceMappingURL=persons-admin.service.js.map
