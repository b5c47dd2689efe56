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
// `/data-mover/`: the program that operators and end users run, its checksum, and how to use it.
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Caller } from '../auth/index.js';
import { NotFound, PublicAddress } from '../http/index.js';
import { pageHeaders, pageWords, PROGRAM_NAME } from '../views/index.js';
import { instructionsPage } from './instructions-page.js';
import { ProgramFile } from './program-file.js';
export class ClientProgramController {
    program;
    address;
    constructor(program, address){
        this.program = program;
        this.address = address;
    }
    async page(request, reply, rest) {
        if (rest) throw new NotFound('page');
        const built = await this.program.find();
        pageHeaders(reply, this.address.url);
        return instructionsPage({
            words: pageWords(request).words,
            server: this.address.url,
            bytes: built?.content.length,
            sha256: built?.sha256
        });
    }
    async file(reply) {
        const { content, sha256 } = await this.program.get();
        void reply.type('text/javascript; charset=utf-8').header('content-disposition', `attachment; filename="${PROGRAM_NAME}"`).header('etag', `"${sha256}"`).header('cache-control', 'no-cache').header('x-content-type-options', 'nosniff');
        return content;
    }
    async checksum(reply) {
        const { sha256 } = await this.program.get();
        void reply.type('text/plain; charset=utf-8').header('cache-control', 'no-cache');
        return `${sha256}  ${PROGRAM_NAME}\n`;
    }
}
_ts_decorate([
    Caller('anyone'),
    Get([
        'data-mover',
        'data-mover/*'
    ]),
    _ts_param(0, Req()),
    _ts_param(1, Res({
        passthrough: true
    })),
    _ts_param(2, Param('*')),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FastifyRequest === "undefined" ? Object : FastifyRequest,
        typeof FastifyReply === "undefined" ? Object : FastifyReply,
        String
    ]),
    _ts_metadata("design:returntype", Promise)
], ClientProgramController.prototype, "page", null);
_ts_decorate([
    Caller('anyone'),
    Get(`data-mover/${PROGRAM_NAME}`),
    _ts_param(0, Res({
        passthrough: true
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FastifyReply === "undefined" ? Object : FastifyReply
    ]),
    _ts_metadata("design:returntype", Promise)
], ClientProgramController.prototype, "file", null);
_ts_decorate([
    Caller('anyone'),
    Get(`data-mover/${PROGRAM_NAME}.sha256`),
    _ts_param(0, Res({
        passthrough: true
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FastifyReply === "undefined" ? Object : FastifyReply
    ]),
    _ts_metadata("design:returntype", Promise)
], ClientProgramController.prototype, "checksum", null);
ClientProgramController = _ts_decorate([
    ApiExcludeController(),
    Controller(),
    _ts_param(0, Inject(ProgramFile)),
    _ts_param(1, Inject(PublicAddress)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof ProgramFile === "undefined" ? Object : ProgramFile,
        typeof PublicAddress === "undefined" ? Object : PublicAddress
    ])
], ClientProgramController);

//# sourceMappingURL=client-program.controller.js.map
