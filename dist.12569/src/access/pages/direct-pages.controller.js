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
// The direct download by its button or by a script, the page that asks first, and what is said of it afterwards.
import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Caller, LinkOf } from '../../auth/index.js';
import { MediafluxAddress } from '../../shares/index.js';
import { pageHeaders, pageWords } from '../../views/index.js';
import { ClientOf } from '../clients/requesting-client.js';
import { DirectDownloadService } from '../direct-download.service.js';
import { NotReceivedService } from '../not-received.service.js';
import { back } from './back.js';
import { SharePageService } from './share-page.service.js';
import { notTakenPage } from './small-pages.js';
export class DirectPagesController {
    pages;
    direct;
    notReceived;
    mediafluxOrigin;
    constructor(pages, direct, notReceived, mediaflux){
        this.pages = pages;
        this.direct = direct;
        this.notReceived = notReceived;
        this.mediafluxOrigin = new URL(mediaflux.url).origin;
    }
    /**
   * The button, and `curl -L -d browser=false LINK -o data.zip`, with which scripts used Mediaflux's own links: there too
   * a GET of the link gave a page and a POST the bytes. The size is not asked about: a program cannot answer.
   */ async start(link, client, reply) {
        await reply.header('referrer-policy', 'no-referrer').header('cache-control', 'no-store').redirect(await this.direct.run(link, client), 303);
    }
    /** For data above the platform's limit; only its button starts anything. */ async confirm(link, request, reply) {
        const page = await this.pages.confirm(pageWords(request, link.languages), link);
        pageHeaders(reply, this.mediafluxOrigin);
        return page;
    }
    didNotWork(link, client, token, request, reply) {
        return this.say('not-received', link, client, token, request, reply);
    }
    didWork(link, client, token, request, reply) {
        return this.say('received', link, client, token, request, reply);
    }
    async say(statement, link, client, token, request, reply) {
        const { words, query } = pageWords(request, link.languages);
        if (await this.notReceived.say(link, statement, client)) await back(request, reply, `/s/${token}${query}`);
        else await pageHeaders(reply.status(200), this.mediafluxOrigin).send(notTakenPage({
            words,
            query
        }, token));
    }
}
_ts_decorate([
    Caller('link'),
    Post([
        's/:token',
        's/:token/direct'
    ]),
    _ts_param(0, LinkOf()),
    _ts_param(1, ClientOf()),
    _ts_param(2, Res()),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof LinkIdentity === "undefined" ? Object : LinkIdentity,
        typeof RequestingClient === "undefined" ? Object : RequestingClient,
        typeof FastifyReply === "undefined" ? Object : FastifyReply
    ]),
    _ts_metadata("design:returntype", Promise)
], DirectPagesController.prototype, "start", null);
_ts_decorate([
    Caller('link'),
    Get('s/:token/direct-confirm'),
    _ts_param(0, LinkOf()),
    _ts_param(1, Req()),
    _ts_param(2, Res({
        passthrough: true
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof LinkIdentity === "undefined" ? Object : LinkIdentity,
        typeof FastifyRequest === "undefined" ? Object : FastifyRequest,
        typeof FastifyReply === "undefined" ? Object : FastifyReply
    ]),
    _ts_metadata("design:returntype", Promise)
], DirectPagesController.prototype, "confirm", null);
_ts_decorate([
    Caller('link'),
    Post('s/:token/not-received'),
    _ts_param(0, LinkOf()),
    _ts_param(1, ClientOf()),
    _ts_param(2, Param('token')),
    _ts_param(3, Req()),
    _ts_param(4, Res()),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof LinkIdentity === "undefined" ? Object : LinkIdentity,
        typeof RequestingClient === "undefined" ? Object : RequestingClient,
        String,
        typeof FastifyRequest === "undefined" ? Object : FastifyRequest,
        typeof FastifyReply === "undefined" ? Object : FastifyReply
    ]),
    _ts_metadata("design:returntype", void 0)
], DirectPagesController.prototype, "didNotWork", null);
_ts_decorate([
    Caller('link'),
    Post('s/:token/received'),
    _ts_param(0, LinkOf()),
    _ts_param(1, ClientOf()),
    _ts_param(2, Param('token')),
    _ts_param(3, Req()),
    _ts_param(4, Res()),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof LinkIdentity === "undefined" ? Object : LinkIdentity,
        typeof RequestingClient === "undefined" ? Object : RequestingClient,
        String,
        typeof FastifyRequest === "undefined" ? Object : FastifyRequest,
        typeof FastifyReply === "undefined" ? Object : FastifyReply
    ]),
    _ts_metadata("design:returntype", void 0)
], DirectPagesController.prototype, "didWork", null);
DirectPagesController = _ts_decorate([
    ApiExcludeController(),
    Controller(),
    _ts_param(0, Inject(SharePageService)),
    _ts_param(1, Inject(DirectDownloadService)),
    _ts_param(2, Inject(NotReceivedService)),
    _ts_param(3, Inject(MediafluxAddress)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof SharePageService === "undefined" ? Object : SharePageService,
        typeof DirectDownloadService === "undefined" ? Object : DirectDownloadService,
        typeof NotReceivedService === "undefined" ? Object : NotReceivedService,
        typeof MediafluxAddress === "undefined" ? Object : MediafluxAddress
    ])
], DirectPagesController);

//# sourceMappingURL=direct-pages.controller.js.map
