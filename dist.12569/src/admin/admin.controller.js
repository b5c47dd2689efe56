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
// Administrators' searches and lists.
import { Body, Controller, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiConsumes, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AuditStore } from '../audit/index.js';
import { Caller } from '../auth/index.js';
import { Transactions } from '../database/index.js';
import { pageQuery } from '../http/index.js';
import { BouncesService, MailListService, mailQuery } from '../mail/index.js';
import { ChainsService } from './chains.service.js';
import { changePerson, PersonsAdminService } from './persons-admin.service.js';
import { StatsService } from './stats.service.js';
import { uploadQuery, UploadsAdminService } from './uploads-admin.service.js';
const auditQuery = pageQuery.extend({
    subject: z.uuid('must be an id').optional()
});
const chainQuery = z.strictObject({
    chain: z.union([
        z.uuid(),
        z.literal('administration')
    ], 'must be a platform\'s id or "administration"').optional()
});
export class AdminController {
    uploads;
    persons;
    mailList;
    bounces;
    audit;
    chains;
    figures;
    transactions;
    constructor(uploads, persons, mailList, bounces, audit, chains, figures, transactions){
        this.uploads = uploads;
        this.persons = persons;
        this.mailList = mailList;
        this.bounces = bounces;
        this.audit = audit;
        this.chains = chains;
        this.figures = figures;
        this.transactions = transactions;
    }
    list(query) {
        return this.uploads.list(query);
    }
    get(id) {
        return this.uploads.get(id);
    }
    files(id, query) {
        return this.uploads.files(id, query);
    }
    timeline(id) {
        return this.uploads.timeline(id);
    }
    changePerson(body) {
        return this.persons.change(body);
    }
    mails(query) {
        return this.mailList.run(query);
    }
    /** The report as it came, in whatever content type it is sent. */ bounce(report) {
        return this.bounces.run(report ?? Buffer.alloc(0));
    }
    changes(query) {
        return this.audit.list(this.transactions.pool, query);
    }
    heads() {
        return this.chains.heads();
    }
    verify(query) {
        return this.chains.verify(query.chain);
    }
    stats() {
        return this.figures.run();
    }
}
_ts_decorate([
    Caller('admin'),
    Get('uploads'),
    _ts_param(0, Query({
        schema: uploadQuery
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof UploadQuery === "undefined" ? Object : UploadQuery
    ]),
    _ts_metadata("design:returntype", void 0)
], AdminController.prototype, "list", null);
_ts_decorate([
    Caller('admin'),
    Get('uploads/:id'),
    _ts_param(0, Param('id')),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        String
    ]),
    _ts_metadata("design:returntype", void 0)
], AdminController.prototype, "get", null);
_ts_decorate([
    Caller('admin'),
    Get('uploads/:id/files'),
    _ts_param(0, Param('id')),
    _ts_param(1, Query({
        schema: pageQuery
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        String,
        typeof PageQuery === "undefined" ? Object : PageQuery
    ]),
    _ts_metadata("design:returntype", void 0)
], AdminController.prototype, "files", null);
_ts_decorate([
    Caller('admin'),
    Get('uploads/:id/timeline'),
    _ts_param(0, Param('id')),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        String
    ]),
    _ts_metadata("design:returntype", void 0)
], AdminController.prototype, "timeline", null);
_ts_decorate([
    Caller('admin'),
    Patch('persons'),
    _ts_param(0, Body({
        schema: changePerson
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof ChangePerson === "undefined" ? Object : ChangePerson
    ]),
    _ts_metadata("design:returntype", void 0)
], AdminController.prototype, "changePerson", null);
_ts_decorate([
    Caller('admin'),
    Get('mails'),
    _ts_param(0, Query({
        schema: mailQuery
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof MailQuery === "undefined" ? Object : MailQuery
    ]),
    _ts_metadata("design:returntype", void 0)
], AdminController.prototype, "mails", null);
_ts_decorate([
    Caller('admin'),
    Post('bounces'),
    HttpCode(200),
    ApiConsumes('message/rfc822'),
    _ts_param(0, Body()),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        Object
    ]),
    _ts_metadata("design:returntype", void 0)
], AdminController.prototype, "bounce", null);
_ts_decorate([
    Caller('admin'),
    Get('audit'),
    _ts_param(0, Query({
        schema: auditQuery
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof AuditQuery === "undefined" ? Object : AuditQuery
    ]),
    _ts_metadata("design:returntype", void 0)
], AdminController.prototype, "changes", null);
_ts_decorate([
    Caller('admin'),
    Get('audit/chains'),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", []),
    _ts_metadata("design:returntype", void 0)
], AdminController.prototype, "heads", null);
_ts_decorate([
    Caller('admin'),
    Get('audit/verify'),
    _ts_param(0, Query({
        schema: chainQuery
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof ChainQuery === "undefined" ? Object : ChainQuery
    ]),
    _ts_metadata("design:returntype", void 0)
], AdminController.prototype, "verify", null);
_ts_decorate([
    Caller('admin'),
    Get('stats'),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", []),
    _ts_metadata("design:returntype", void 0)
], AdminController.prototype, "stats", null);
AdminController = _ts_decorate([
    ApiTags('administration'),
    ApiBearerAuth(),
    Controller('api/v1/admin'),
    _ts_param(0, Inject(UploadsAdminService)),
    _ts_param(1, Inject(PersonsAdminService)),
    _ts_param(2, Inject(MailListService)),
    _ts_param(3, Inject(BouncesService)),
    _ts_param(4, Inject(AuditStore)),
    _ts_param(5, Inject(ChainsService)),
    _ts_param(6, Inject(StatsService)),
    _ts_param(7, Inject(Transactions)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof UploadsAdminService === "undefined" ? Object : UploadsAdminService,
        typeof PersonsAdminService === "undefined" ? Object : PersonsAdminService,
        typeof MailListService === "undefined" ? Object : MailListService,
        typeof BouncesService === "undefined" ? Object : BouncesService,
        typeof AuditStore === "undefined" ? Object : AuditStore,
        typeof ChainsService === "undefined" ? Object : ChainsService,
        typeof StatsService === "undefined" ? Object : StatsService,
        typeof Transactions === "undefined" ? Object : Transactions
    ])
], AdminController);

//# sourceMappingURL=admin.controller.js.map
