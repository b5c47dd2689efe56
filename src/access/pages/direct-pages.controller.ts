// The direct download by its button or by a script, the page that asks first, and what is said of it afterwards.

import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller, type LinkIdentity, LinkOf } from '../../auth/index.js';
import { MediafluxAddress } from '../../shares/index.js';
import { pageHeaders, pageWords } from '../../views/index.js';
import { ClientOf, type RequestingClient } from '../clients/requesting-client.js';
import { DirectDownloadService } from '../direct-download.service.js';
import { NotReceivedService } from '../not-received.service.js';
import { back } from './back.js';
import { SharePageService } from './share-page.service.js';
import { notTakenPage } from './small-pages.js';

@ApiExcludeController()
@Controller()
export class DirectPagesController {
  private readonly mediafluxOrigin: string;

  constructor(
    @Inject(SharePageService) private readonly pages: SharePageService,
    @Inject(DirectDownloadService) private readonly direct: DirectDownloadService,
    @Inject(NotReceivedService) private readonly notReceived: NotReceivedService,
    @Inject(MediafluxAddress) mediaflux: MediafluxAddress,
  ) {
    this.mediafluxOrigin = new URL(mediaflux.url).origin;
  }

  /**
   * The button, and `curl -L -d browser=false LINK -o data.zip`, with which scripts used Mediaflux's own links: there too
   * a GET of the link gave a page and a POST the bytes. The size is not asked about: a program cannot answer.
   */
  @Caller('link')
  @Post(['s/:token', 's/:token/direct'])
  async start(@LinkOf() link: LinkIdentity, @ClientOf() client: RequestingClient, @Res() reply: FastifyReply) {
    await reply
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-store')
      .redirect(await this.direct.run(link, client), 303);
  }

  /** For data above the platform's limit; only its button starts anything. */
  @Caller('link')
  @Get('s/:token/direct-confirm')
  async confirm(
    @LinkOf() link: LinkIdentity,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const page = await this.pages.confirm(pageWords(request, link.languages), link);
    pageHeaders(reply, this.mediafluxOrigin);
    return page;
  }

  @Caller('link')
  @Post('s/:token/not-received')
  didNotWork(
    @LinkOf() link: LinkIdentity,
    @ClientOf() client: RequestingClient,
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.say('not-received', link, client, token, request, reply);
  }

  @Caller('link')
  @Post('s/:token/received')
  didWork(
    @LinkOf() link: LinkIdentity,
    @ClientOf() client: RequestingClient,
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    return this.say('received', link, client, token, request, reply);
  }

  private async say(
    statement: 'not-received' | 'received',
    link: LinkIdentity,
    client: RequestingClient,
    token: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const { words, query } = pageWords(request, link.languages);
    if (await this.notReceived.say(link, statement, client)) await back(request, reply, `/s/${token}${query}`);
    else await pageHeaders(reply.status(200), this.mediafluxOrigin).send(notTakenPage({ words, query }, token));
  }
}
