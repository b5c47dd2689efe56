// "Ask for more time", on the page of a link that has expired. A POST only: mail scanners open links.

import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiExcludeEndpoint, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller, EndedLinkLimiter, type LinkIdentity, LinkOf } from '../../auth/index.js';
import { MediafluxAddress } from '../../shares/index.js';
import { pageHeaders, pageWords } from '../../views/index.js';
import { OnlyByButton } from '../access.errors.js';
import { AskedForMoreTimeService } from '../asked-for-more-time.service.js';
import { ClientOf, type RequestingClient } from '../clients/requesting-client.js';
import { askedForTime } from '../shown-shares.schema.js';
import { notAskedPage } from './small-pages.js';

@ApiTags('download')
@Controller()
export class MoreTimeController {
  constructor(
    @Inject(AskedForMoreTimeService) private readonly moreTime: AskedForMoreTimeService,
    @Inject(MediafluxAddress) private readonly mediaflux: MediafluxAddress,
    @Inject(EndedLinkLimiter) private readonly ended: EndedLinkLimiter,
  ) {}

  @Caller('link-or-expired')
  @ApiExcludeEndpoint()
  @Get('s/:token/more-time')
  buttonOnly(): never {
    throw new OnlyByButton();
  }

  /** A browser goes back to the page, which says that it was asked for; a program is told so. */
  @Caller('link-or-expired')
  @Post('s/:token/more-time')
  @ApiAcceptedResponse({ standardSchema: askedForTime })
  @ApiResponse({ status: 303, description: 'A browser goes back to the page.' })
  async ask(
    @LinkOf() link: LinkIdentity,
    @ClientOf() client: RequestingClient,
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    await this.ended.count(link.deliveryId, request.ip);
    void reply.header('referrer-policy', 'no-referrer').header('cache-control', 'no-store');
    const isPerson = (request.headers.accept ?? '').includes('text/html');
    if (isPerson && link.state === 'live') {
      await reply.redirect(pageOf(token, request, link), 303);
      return;
    }
    const requestedAt = await this.moreTime.run(link, client);
    if (!requestedAt && isPerson) {
      const page = notAskedPage(pageWords(request, link.languages), token);
      await pageHeaders(reply.status(200), new URL(this.mediaflux.url).origin).send(page);
    } else if (!requestedAt) await reply.status(202).send({ state: 'not-taken', requestedAt: null });
    else if (isPerson) await reply.redirect(pageOf(token, request, link), 303);
    else await reply.status(202).send({ state: 'open', requestedAt: requestedAt.toISOString() });
  }
}

const pageOf = (token: string, request: FastifyRequest, link: LinkIdentity): string =>
  `/s/${token}${pageWords(request, link.languages).query}`;
