// `/data-mover/`: the program that operators and end users run, its checksum, and how to use it.

import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller } from '../auth/index.js';
import { NotFound, PublicAddress } from '../http/index.js';
import { pageHeaders, pageWords, PROGRAM_NAME } from '../views/index.js';
import { instructionsPage } from './instructions-page.js';
import { ProgramFile } from './program-file.js';

@ApiExcludeController()
@Controller()
export class ClientProgramController {
  constructor(
    @Inject(ProgramFile) private readonly program: ProgramFile,
    @Inject(PublicAddress) private readonly address: PublicAddress,
  ) {}

  @Caller('anyone')
  // Nest drops a slash at the end of a path: what stands for it is a rest that is empty.
  @Get(['data-mover', 'data-mover/*'])
  async page(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('*') rest?: string,
  ) {
    if (rest) throw new NotFound('page');
    const built = await this.program.find();
    pageHeaders(reply, this.address.url);
    return instructionsPage({
      words: pageWords(request).words,
      server: this.address.url,
      bytes: built?.content.length,
      sha256: built?.sha256,
    });
  }

  @Caller('anyone')
  @Get(`data-mover/${PROGRAM_NAME}`)
  async file(@Res({ passthrough: true }) reply: FastifyReply) {
    const { content, sha256 } = await this.program.get();
    void reply
      .type('text/javascript; charset=utf-8')
      .header('content-disposition', `attachment; filename="${PROGRAM_NAME}"`)
      .header('etag', `"${sha256}"`)
      .header('cache-control', 'no-cache')
      .header('x-content-type-options', 'nosniff');
    return content;
  }

  @Caller('anyone')
  @Get(`data-mover/${PROGRAM_NAME}.sha256`)
  async checksum(@Res({ passthrough: true }) reply: FastifyReply) {
    const { sha256 } = await this.program.get();
    void reply.type('text/plain; charset=utf-8').header('cache-control', 'no-cache');
    return `${sha256}  ${PROGRAM_NAME}\n`;
  }
}
