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
// Pages behind links. Nothing that a GET or HEAD does here ever counts as access.
import { Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Caller, LinkOf } from '../../auth/index.js';
import { MediafluxAddress } from '../../shares/index.js';
import { pageHeaders, pageWords } from '../../views/index.js';
import { OnlyByButton } from '../access.errors.js';
import { SharedDataService } from '../shared-data.service.js';
import { HiddenLinkService } from '../clients/hidden-link.service.js';
import { ClientOf } from '../clients/requesting-client.js';
import { StatementsService } from '../statements.service.js';
import { CopyFormService } from './copy-form.service.js';
import { back } from './back.js';
import { HIDDEN_LINK } from './share-page.js';
import { SharePageService } from './share-page.service.js';
import { hiddenLinkPage, notTakenPage, unsubscribePage } from './small-pages.js';
export class PagesController {
    data;
    pages;
    statements;
    hiddenLink;
    copyForm;
    mediafluxOrigin;
    constructor(data, pages, statements, hiddenLink, copyForm, mediaflux){
        this.data = data;
        this.pages = pages;
        this.statements = statements;
        this.hiddenLink = hiddenLink;
        this.copyForm = copyForm;
        this.mediafluxOrigin = new URL(mediaflux.url).origin;
    }
    async page(link, client, request, reply) {
        const page = await this.pages.main(pageWords(request, link.languages), link, client);
        pageHeaders(reply, this.mediafluxOrigin);
        return page;
    }
    async files(link, request, reply) {
        const page = await this.pages.files(pageWords(request, link.languages), link, request.query);
        pageHeaders(reply, this.mediafluxOrigin);
        return page;
    }
    async hidden(link, client, token, request, reply) {
        await this.hiddenLink.follow(link, client);
        pageHeaders(reply, this.mediafluxOrigin);
        return hiddenLinkPage(pageWords(request, link.languages), token);
    }
    buttonsOnly() {
        throw new OnlyByButton();
    }
    async done(link, client, token, request, reply) {
        const { words, query } = pageWords(request, link.languages);
        if (await this.statements.say(link, 'done', client)) await back(request, reply, `/s/${token}${query}`);
        else await pageHeaders(reply.status(200), this.mediafluxOrigin).send(notTakenPage({
            words,
            query
        }, token));
    }
    async undone(link, client, token, request, reply) {
        await this.statements.say(link, 'undone', client);
        await back(request, reply, `/s/${token}${pageWords(request, link.languages).query}`);
    }
    /** The language of coming mails to this person, too. */ async language(link, token, request, reply) {
        await this.statements.chooseLanguage(link, request.body);
        await back(request, reply, `/s/${token}`);
    }
    async copy(link, token, request, reply) {
        const page = await this.copyForm.empty(pageWords(request, link.languages), link, token);
        pageHeaders(reply, this.mediafluxOrigin);
        return page;
    }
    async startCopy(link, client, token, request, reply) {
        const words = pageWords(request, link.languages);
        const result = await this.copyForm.submit(words, link, token, request.body, client);
        if ('copyId' in result) await reply.redirect(`/s/${token}/copy/${result.copyId}${words.query}`, 303);
        else await pageHeaders(reply.status(422), this.mediafluxOrigin).send(result.page);
    }
    async copyState(link, token, id, request, reply) {
        const page = await this.copyForm.state(pageWords(request, link.languages), link, token, id);
        pageHeaders(reply, this.mediafluxOrigin);
        return page;
    }
    async reminders(link, token, request, reply) {
        const facts = await this.data.facts(link);
        pageHeaders(reply, this.mediafluxOrigin);
        return unsubscribePage(pageWords(request, link.languages), facts, token);
    }
    /** One click of a mail program (RFC 8058), or the page's button. */ async unsubscribe(link, client, token, request, reply) {
        await this.statements.say(link, 'opted-out', client);
        return this.reminders(link, token, request, reply);
    }
    async resubscribe(link, client, token, request, reply) {
        await this.statements.say(link, 'opted-in', client);
        return this.reminders(link, token, request, reply);
    }
}
_ts_decorate([
    Caller('link'),
    Get('s/:token'),
    _ts_param(0, LinkOf()),
    _ts_param(1, ClientOf()),
    _ts_param(2, Req()),
    _ts_param(3, Res({
        passthrough: true
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof LinkIdentity === "undefined" ? Object : LinkIdentity,
        typeof RequestingClient === "undefined" ? Object : RequestingClient,
        typeof FastifyRequest === "undefined" ? Object : FastifyRequest,
        typeof FastifyReply === "undefined" ? Object : FastifyReply
    ]),
    _ts_metadata("design:returntype", Promise)
], PagesController.prototype, "page", null);
_ts_decorate([
    Caller('link'),
    Get('s/:token/files'),
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
], PagesController.prototype, "files", null);
_ts_decorate([
    Caller('link'),
    Get(`s/:token/${HIDDEN_LINK}`),
    _ts_param(0, LinkOf()),
    _ts_param(1, ClientOf()),
    _ts_param(2, Param('token')),
    _ts_param(3, Req()),
    _ts_param(4, Res({
        passthrough: true
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof LinkIdentity === "undefined" ? Object : LinkIdentity,
        typeof RequestingClient === "undefined" ? Object : RequestingClient,
        String,
        typeof FastifyRequest === "undefined" ? Object : FastifyRequest,
        typeof FastifyReply === "undefined" ? Object : FastifyReply
    ]),
    _ts_metadata("design:returntype", Promise)
], PagesController.prototype, "hidden", null);
_ts_decorate([
    Caller('link'),
    Get([
        's/:token/direct',
        's/:token/done',
        's/:token/undone',
        's/:token/not-received',
        's/:token/received',
        's/:token/language'
    ]),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", []),
    _ts_metadata("design:returntype", void 0)
], PagesController.prototype, "buttonsOnly", null);
_ts_decorate([
    Caller('link'),
    Post('s/:token/done'),
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
    _ts_metadata("design:returntype", Promise)
], PagesController.prototype, "done", null);
_ts_decorate([
    Caller('link'),
    Post('s/:token/undone'),
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
    _ts_metadata("design:returntype", Promise)
], PagesController.prototype, "undone", null);
_ts_decorate([
    Caller('link'),
    Post('s/:token/language'),
    _ts_param(0, LinkOf()),
    _ts_param(1, Param('token')),
    _ts_param(2, Req()),
    _ts_param(3, Res()),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof LinkIdentity === "undefined" ? Object : LinkIdentity,
        String,
        typeof FastifyRequest === "undefined" ? Object : FastifyRequest,
        typeof FastifyReply === "undefined" ? Object : FastifyReply
    ]),
    _ts_metadata("design:returntype", Promise)
], PagesController.prototype, "language", null);
_ts_decorate([
    Caller('link'),
    Get('s/:token/copy'),
    _ts_param(0, LinkOf()),
    _ts_param(1, Param('token')),
    _ts_param(2, Req()),
    _ts_param(3, Res({
        passthrough: true
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof LinkIdentity === "undefined" ? Object : LinkIdentity,
        String,
        typeof FastifyRequest === "undefined" ? Object : FastifyRequest,
        typeof FastifyReply === "undefined" ? Object : FastifyReply
    ]),
    _ts_metadata("design:returntype", Promise)
], PagesController.prototype, "copy", null);
_ts_decorate([
    Caller('link'),
    Post('s/:token/copy'),
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
    _ts_metadata("design:returntype", Promise)
], PagesController.prototype, "startCopy", null);
_ts_decorate([
    Caller('link-or-expired'),
    Get('s/:token/copy/:id'),
    _ts_param(0, LinkOf()),
    _ts_param(1, Param('token')),
    _ts_param(2, Param('id')),
    _ts_param(3, Req()),
    _ts_param(4, Res({
        passthrough: true
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof LinkIdentity === "undefined" ? Object : LinkIdentity,
        String,
        String,
        typeof FastifyRequest === "undefined" ? Object : FastifyRequest,
        typeof FastifyReply === "undefined" ? Object : FastifyReply
    ]),
    _ts_metadata("design:returntype", Promise)
], PagesController.prototype, "copyState", null);
_ts_decorate([
    Caller('unsubscribe'),
    Get('u/:token'),
    _ts_param(0, LinkOf()),
    _ts_param(1, Param('token')),
    _ts_param(2, Req()),
    _ts_param(3, Res({
        passthrough: true
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof LinkIdentity === "undefined" ? Object : LinkIdentity,
        String,
        typeof FastifyRequest === "undefined" ? Object : FastifyRequest,
        typeof FastifyReply === "undefined" ? Object : FastifyReply
    ]),
    _ts_metadata("design:returntype", Promise)
], PagesController.prototype, "reminders", null);
_ts_decorate([
    Caller('unsubscribe'),
    Post('u/:token'),
    HttpCode(200),
    _ts_param(0, LinkOf()),
    _ts_param(1, ClientOf()),
    _ts_param(2, Param('token')),
    _ts_param(3, Req()),
    _ts_param(4, Res({
        passthrough: true
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof LinkIdentity === "undefined" ? Object : LinkIdentity,
        typeof RequestingClient === "undefined" ? Object : RequestingClient,
        String,
        typeof FastifyRequest === "undefined" ? Object : FastifyRequest,
        typeof FastifyReply === "undefined" ? Object : FastifyReply
    ]),
    _ts_metadata("design:returntype", Promise)
], PagesController.prototype, "unsubscribe", null);
_ts_decorate([
    Caller('unsubscribe'),
    Post('u/:token/undo'),
    HttpCode(200),
    _ts_param(0, LinkOf()),
    _ts_param(1, ClientOf()),
    _ts_param(2, Param('token')),
    _ts_param(3, Req()),
    _ts_param(4, Res({
        passthrough: true
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof LinkIdentity === "undefined" ? Object : LinkIdentity,
        typeof RequestingClient === "undefined" ? Object : RequestingClient,
        String,
        typeof FastifyRequest === "undefined" ? Object : FastifyRequest,
        typeof FastifyReply === "undefined" ? Object : FastifyReply
    ]),
    _ts_metadata("design:returntype", Promise)
], PagesController.prototype, "resubscribe", null);
PagesController = _ts_decorate([
    ApiExcludeController(),
    Controller(),
    _ts_param(0, Inject(SharedDataService)),
    _ts_param(1, Inject(SharePageService)),
    _ts_param(2, Inject(StatementsService)),
    _ts_param(3, Inject(HiddenLinkService)),
    _ts_param(4, Inject(CopyFormService)),
    _ts_param(5, Inject(MediafluxAddress)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof SharedDataService === "undefined" ? Object : SharedDataService,
        typeof SharePageService === "undefined" ? Object : SharePageService,
        typeof StatementsService === "undefined" ? Object : StatementsService,
        typeof HiddenLinkService === "undefined" ? Object : HiddenLinkService,
        typeof CopyFormService === "undefined" ? Object : CopyFormService,
        typeof MediafluxAddress === "undefined" ? Object : MediafluxAddress
    ])
], PagesController);

//# sourceMappingURL=pages.controller.js.map
