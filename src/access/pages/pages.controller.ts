// Pages behind links. Nothing that a GET or HEAD does here ever counts as access.

import { Controller, Get, Header, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller, type LinkIdentity, LinkOf } from '../../auth/index.js';
import { DispatchMail } from '../../deliveries/index.js';
import { MediafluxAddress } from '../../shares/index.js';
import { pageHeaders, pageWords, STYLE_SHEET, STYLE_SHEET_PATH } from '../../views/index.js';
import { Clock } from '../../time/index.js';
import { DirectDownloadService } from '../direct-download.service.js';
import { SharedDataService } from '../shared-data.service.js';
import { StatementsService } from '../statements.service.js';
import { CopyFormService } from './copy-form.service.js';
import { sharePage } from './share-page.js';
import { unsubscribePage } from './small-pages.js';

const SHOWN_FILES = 200;

@ApiExcludeController()
@Controller()
export class PagesController {
  private readonly mediafluxOrigin: string;

  constructor(
    @Inject(SharedDataService) private readonly data: SharedDataService,
    @Inject(DirectDownloadService) private readonly direct: DirectDownloadService,
    @Inject(StatementsService) private readonly statements: StatementsService,
    @Inject(CopyFormService) private readonly copyForm: CopyFormService,
    @Inject(DispatchMail) private readonly dispatch: DispatchMail,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(MediafluxAddress) mediaflux: MediafluxAddress,
  ) {
    this.mediafluxOrigin = new URL(mediaflux.url).origin;
  }

  @Caller('anyone')
  @Get(STYLE_SHEET_PATH)
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', 'public, max-age=3600')
  styles() {
    return STYLE_SHEET;
  }

  @Caller('link')
  @Get('s/:token')
  async page(
    @LinkOf() link: LinkIdentity,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const facts = await this.data.facts(link);
    await this.data.viewed(facts);
    const { items } = await this.data.files(link, { limit: SHOWN_FILES });
    pageHeaders(reply, this.mediafluxOrigin);
    return sharePage({
      ...pageWords(request, link.languages),
      facts,
      phases: await this.data.phases(facts),
      files: items,
      how: this.dispatch.howToFetch(facts),
      now: this.clock.now(),
    });
  }

  @Caller('link')
  @Post('s/:token/direct')
  async startDirect(@LinkOf() link: LinkIdentity, @Res() reply: FastifyReply) {
    await reply
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-store')
      .redirect(await this.direct.run(link), 303);
  }

  @Caller('link')
  @Post('s/:token/done')
  async done(
    @LinkOf() link: LinkIdentity,
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    await this.statements.say(link, 'done');
    await back(request, reply, `/s/${token}${pageWords(request, link.languages).query}`);
  }

  @Caller('link')
  @Post('s/:token/undone')
  async undone(
    @LinkOf() link: LinkIdentity,
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    await this.statements.takeBack(link, 'done');
    await back(request, reply, `/s/${token}${pageWords(request, link.languages).query}`);
  }

  /** The language of coming mails to this person, too. */
  @Caller('link')
  @Post('s/:token/language')
  async language(
    @LinkOf() link: LinkIdentity,
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    await this.statements.chooseLanguage(link, request.body);
    await back(request, reply, `/s/${token}`);
  }

  @Caller('link')
  @Get('s/:token/copy')
  async copy(
    @LinkOf() link: LinkIdentity,
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const page = await this.copyForm.empty(pageWords(request, link.languages), link, token);
    pageHeaders(reply, this.mediafluxOrigin);
    return page;
  }

  @Caller('link')
  @Post('s/:token/copy')
  async startCopy(
    @LinkOf() link: LinkIdentity,
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const result = await this.copyForm.submit(pageWords(request, link.languages), link, token, request.body);
    if ('copyId' in result)
      await reply.redirect(`/s/${token}/copy/${result.copyId}${pageWords(request, link.languages).query}`, 303);
    else await pageHeaders(reply.status(422), this.mediafluxOrigin).send(result.page);
  }

  @Caller('link-or-expired')
  @Get('s/:token/copy/:id')
  async copyState(
    @LinkOf() link: LinkIdentity,
    @Param('token') token: string,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const page = await this.copyForm.state(pageWords(request, link.languages), link, token, id);
    pageHeaders(reply, this.mediafluxOrigin);
    return page;
  }

  @Caller('unsubscribe')
  @Get('u/:token')
  async reminders(
    @LinkOf() link: LinkIdentity,
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const facts = await this.data.facts(link);
    pageHeaders(reply, this.mediafluxOrigin);
    return unsubscribePage(pageWords(request, link.languages), facts, token);
  }

  /** One click of a mail program (RFC 8058), or the page's button. */
  @Caller('unsubscribe')
  @Post('u/:token')
  @HttpCode(200)
  async unsubscribe(
    @LinkOf() link: LinkIdentity,
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.statements.say(link, 'opted-out');
    return this.reminders(link, token, request, reply);
  }

  @Caller('unsubscribe')
  @Post('u/:token/undo')
  @HttpCode(200)
  async resubscribe(
    @LinkOf() link: LinkIdentity,
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.statements.takeBack(link, 'opted-out');
    return this.reminders(link, token, request, reply);
  }
}

/** A browser goes back to the page; a program gets a plain 204. */
async function back(request: FastifyRequest, reply: FastifyReply, page: string): Promise<void> {
  if ((request.headers.accept ?? '').includes('text/html')) await reply.redirect(page, 303);
  else await reply.status(204).send();
}
