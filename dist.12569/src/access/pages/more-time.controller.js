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
// "Ask for more time", on the page of a link that has expired. A POST only: mail scanners open links.
import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import { Caller, EndedLinkLimiter, LinkOf } from '../../auth/index.js';
import { MoreTimeService } from '../../deliveries/index.js';
import { pageWords } from '../../views/index.js';
import { OnlyByButton } from '../access.errors.js';
export class MoreTimeController {
    moreTime;
    ended;
    constructor(moreTime, ended){
        this.moreTime = moreTime;
        this.ended = ended;
    }
    buttonOnly() {
        throw new OnlyByButton();
    }
    /** A browser goes back to the page, which says that it was asked for; a program is told so. */ async ask(link, token, request, reply) {
        await this.ended.count(link.deliveryId, request.ip);
        const isPerson = (request.headers.accept ?? '').includes('text/html');
        if (isPerson && link.state === 'live') {
            await reply.redirect(pageOf(token, request, link), 303);
            return;
        }
        const requestedAt = await this.moreTime.run(link);
        if (isPerson) await reply.redirect(pageOf(token, request, link), 303);
        else await reply.status(202).send({
            state: 'open',
            requestedAt: requestedAt.toISOString()
        });
    }
}
_ts_decorate([
    Caller('link-or-expired'),
    ApiExcludeEndpoint(),
    Get('s/:token/more-time'),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", []),
    _ts_metadata("design:returntype", void 0)
], MoreTimeController.prototype, "buttonOnly", null);
_ts_decorate([
    Caller('link-or-expired'),
    Post('s/:token/more-time'),
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
], MoreTimeController.prototype, "ask", null);
MoreTimeController = _ts_decorate([
    ApiTags('download'),
    Controller(),
    _ts_param(0, Inject(MoreTimeService)),
    _ts_param(1, Inject(EndedLinkLimiter)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof MoreTimeService === "undefined" ? Object : MoreTimeService,
        typeof EndedLinkLimiter === "undefined" ? Object : EndedLinkLimiter
    ])
], MoreTimeController);
const pageOf = (token, request, link)=>`/s/${token}${pageWords(request, link.languages).query}`;

//# sourceMappingURL=more-time.controller.js.map
