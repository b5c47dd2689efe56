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
// The copy method by form: what was typed is checked, tried, and shown again with what is wrong.
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../http/index.js';
import { startCopy } from '../access.schema.js';
import { CopiesService } from '../copies.service.js';
import { SharedDataService } from '../shared-data.service.js';
import { copyFormPage, copyStatePage } from './copy-pages.js';
import { troubleIn } from './trouble.js';
export class CopyFormService {
    data;
    copies;
    constructor(data, copies){
        this.data = data;
        this.copies = copies;
    }
    async empty(page, link, token) {
        const facts = await this.data.factsFor(link, 'copy');
        return copyFormPage({
            page,
            facts,
            token,
            typed: {
                domain: '',
                user: '',
                destination: ''
            },
            problems: []
        });
    }
    async submit(page, link, token, body, requesting) {
        const facts = await this.data.factsFor(link, 'copy');
        const typed = typedFields(body);
        const given = typed.token === '' ? {
            domain: typed.domain,
            user: typed.user,
            password: typed.password
        } : {
            token: typed.token
        };
        const parsed = startCopy.safeParse({
            ...given,
            destination: typed.destination
        });
        const again = (problems)=>({
                page: copyFormPage({
                    page,
                    facts,
                    token,
                    typed,
                    problems
                })
            });
        if (!parsed.success) return again([
            page.words.say('copyTrouble.fields')
        ]);
        try {
            return {
                copyId: (await this.copies.start(link, parsed.data, requesting)).id
            };
        } catch (error) {
            if (error instanceof AppError) return again([
                troubleIn(page.words, error)
            ]);
            throw error;
        }
    }
    async state(page, link, token, id) {
        const facts = await this.data.factsFor(link, 'copy');
        return copyStatePage(page, facts, token, await this.copies.find(link, id));
    }
}
CopyFormService = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(SharedDataService)),
    _ts_param(1, Inject(CopiesService)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof SharedDataService === "undefined" ? Object : SharedDataService,
        typeof CopiesService === "undefined" ? Object : CopiesService
    ])
], CopyFormService);
function typedFields(body) {
    const fields = typeof body === 'object' && body !== null ? body : {};
    const text = (name)=>typeof fields[name] === 'string' ? fields[name] : '';
    return {
        domain: text('domain').trim(),
        user: text('user').trim(),
        password: text('password'),
        token: text('token').trim(),
        destination: text('destination').trim()
    };
}

//# sourceMappingURL=copy-form.service.js.map
