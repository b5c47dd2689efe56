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
// A link's data for programs. Contract "End user".
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Caller, LinkOf } from '../auth/index.js';
import { DeliveryReader } from '../deliveries/index.js';
import { pageQuery } from '../http/index.js';
import { completeDownload, downloadProgress, failDownload, overruleAccess, reportAccess, startCopy } from './access.schema.js';
import { ClientOf } from './clients/requesting-client.js';
import { CopiesService } from './copies.service.js';
import { DownloadsService } from './downloads.service.js';
import { OverruleService } from './overrules/overrule.service.js';
import { ReportedAccessService } from './reported-access.service.js';
import { SharedDataService } from './shared-data.service.js';
export class SharesApiController {
    data;
    downloads;
    copies;
    constructor(data, downloads, copies){
        this.data = data;
        this.downloads = downloads;
        this.copies = copies;
    }
    describe(link) {
        return this.data.describe(link);
    }
    files(link, query) {
        return this.data.files(link, query);
    }
    start(link, client) {
        return this.downloads.start(link, client);
    }
    credential(link, id) {
        return this.downloads.credential(link, id);
    }
    progress(link, id, body) {
        return this.downloads.progress(link, id, body);
    }
    complete(link, id, body, client) {
        return this.downloads.complete(link, id, body, client);
    }
    fail(link, id, body, client) {
        return this.downloads.fail(link, id, body.reason, client);
    }
    copy(link, body, client) {
        return this.copies.start(link, body, client);
    }
    copyState(link, id) {
        return this.copies.get(link, id);
    }
}
_ts_decorate([
    Caller('link'),
    Get(),
    _ts_param(0, LinkOf()),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof LinkIdentity === "undefined" ? Object : LinkIdentity
    ]),
    _ts_metadata("design:returntype", void 0)
], SharesApiController.prototype, "describe", null);
_ts_decorate([
    Caller('link'),
    Get('files'),
    _ts_param(0, LinkOf()),
    _ts_param(1, Query({
        schema: pageQuery
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof LinkIdentity === "undefined" ? Object : LinkIdentity,
        typeof PageQuery === "undefined" ? Object : PageQuery
    ]),
    _ts_metadata("design:returntype", void 0)
], SharesApiController.prototype, "files", null);
_ts_decorate([
    Caller('link'),
    Post('downloads'),
    HttpCode(201),
    _ts_param(0, LinkOf()),
    _ts_param(1, ClientOf()),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof LinkIdentity === "undefined" ? Object : LinkIdentity,
        typeof RequestingClient === "undefined" ? Object : RequestingClient
    ]),
    _ts_metadata("design:returntype", void 0)
], SharesApiController.prototype, "start", null);
_ts_decorate([
    Caller('link-or-expired'),
    Post('downloads/:id/credential'),
    HttpCode(200),
    _ts_param(0, LinkOf()),
    _ts_param(1, Param('id')),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof LinkIdentity === "undefined" ? Object : LinkIdentity,
        String
    ]),
    _ts_metadata("design:returntype", void 0)
], SharesApiController.prototype, "credential", null);
_ts_decorate([
    Caller('link-or-expired'),
    Post('downloads/:id/progress'),
    HttpCode(204),
    _ts_param(0, LinkOf()),
    _ts_param(1, Param('id')),
    _ts_param(2, Body({
        schema: downloadProgress
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof LinkIdentity === "undefined" ? Object : LinkIdentity,
        String,
        typeof DownloadProgress === "undefined" ? Object : DownloadProgress
    ]),
    _ts_metadata("design:returntype", void 0)
], SharesApiController.prototype, "progress", null);
_ts_decorate([
    Caller('link-or-expired'),
    Post('downloads/:id/complete'),
    HttpCode(204),
    _ts_param(0, LinkOf()),
    _ts_param(1, Param('id')),
    _ts_param(2, Body({
        schema: completeDownload
    })),
    _ts_param(3, ClientOf()),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof LinkIdentity === "undefined" ? Object : LinkIdentity,
        String,
        typeof CompleteDownload === "undefined" ? Object : CompleteDownload,
        typeof RequestingClient === "undefined" ? Object : RequestingClient
    ]),
    _ts_metadata("design:returntype", void 0)
], SharesApiController.prototype, "complete", null);
_ts_decorate([
    Caller('link-or-expired'),
    Post('downloads/:id/fail'),
    HttpCode(204),
    _ts_param(0, LinkOf()),
    _ts_param(1, Param('id')),
    _ts_param(2, Body({
        schema: failDownload
    })),
    _ts_param(3, ClientOf()),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof LinkIdentity === "undefined" ? Object : LinkIdentity,
        String,
        typeof FailDownload === "undefined" ? Object : FailDownload,
        typeof RequestingClient === "undefined" ? Object : RequestingClient
    ]),
    _ts_metadata("design:returntype", void 0)
], SharesApiController.prototype, "fail", null);
_ts_decorate([
    Caller('link'),
    Post('copies'),
    HttpCode(202),
    _ts_param(0, LinkOf()),
    _ts_param(1, Body({
        schema: startCopy
    })),
    _ts_param(2, ClientOf()),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof LinkIdentity === "undefined" ? Object : LinkIdentity,
        typeof StartCopy === "undefined" ? Object : StartCopy,
        typeof RequestingClient === "undefined" ? Object : RequestingClient
    ]),
    _ts_metadata("design:returntype", void 0)
], SharesApiController.prototype, "copy", null);
_ts_decorate([
    Caller('link-or-expired'),
    Get('copies/:id'),
    _ts_param(0, LinkOf()),
    _ts_param(1, Param('id')),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof LinkIdentity === "undefined" ? Object : LinkIdentity,
        String
    ]),
    _ts_metadata("design:returntype", void 0)
], SharesApiController.prototype, "copyState", null);
SharesApiController = _ts_decorate([
    ApiTags('download'),
    Controller('api/v1/shares/:token'),
    _ts_param(0, Inject(SharedDataService)),
    _ts_param(1, Inject(DownloadsService)),
    _ts_param(2, Inject(CopiesService)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof SharedDataService === "undefined" ? Object : SharedDataService,
        typeof DownloadsService === "undefined" ? Object : DownloadsService,
        typeof CopiesService === "undefined" ? Object : CopiesService
    ])
], SharesApiController);
export class ReportedAccessController {
    reported;
    overruling;
    deliveries;
    constructor(reported, overruling, deliveries){
        this.reported = reported;
        this.overruling = overruling;
        this.deliveries = deliveries;
    }
    async report(id, body) {
        await this.reported.run(id, body);
        return this.deliveries.get(id);
    }
    async overrule(id, eventId, body) {
        await this.overruling.run(id, eventId, body);
        return this.deliveries.get(id);
    }
}
_ts_decorate([
    Caller('admin'),
    Post(':id/access'),
    HttpCode(200),
    _ts_param(0, Param('id')),
    _ts_param(1, Body({
        schema: reportAccess
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        String,
        typeof ReportAccess === "undefined" ? Object : ReportAccess
    ]),
    _ts_metadata("design:returntype", Promise)
], ReportedAccessController.prototype, "report", null);
_ts_decorate([
    Caller('admin'),
    Post(':id/events/:eventId/overrule'),
    HttpCode(200),
    _ts_param(0, Param('id')),
    _ts_param(1, Param('eventId')),
    _ts_param(2, Body({
        schema: overruleAccess
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        String,
        String,
        typeof OverruleAccess === "undefined" ? Object : OverruleAccess
    ]),
    _ts_metadata("design:returntype", Promise)
], ReportedAccessController.prototype, "overrule", null);
ReportedAccessController = _ts_decorate([
    ApiTags('administration'),
    ApiBearerAuth(),
    Controller('api/v1/admin/deliveries'),
    _ts_param(0, Inject(ReportedAccessService)),
    _ts_param(1, Inject(OverruleService)),
    _ts_param(2, Inject(DeliveryReader)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof ReportedAccessService === "undefined" ? Object : ReportedAccessService,
        typeof OverruleService === "undefined" ? Object : OverruleService,
        typeof DeliveryReader === "undefined" ? Object : DeliveryReader
    ])
], ReportedAccessController);

//# sourceMappingURL=shares-api.controller.js.map
