// Pages behind links. Nothing that a GET or HEAD does here ever counts as access.

import { Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller, type LinkIdentity, LinkOf } from '../../auth/index.js';
import { MediafluxAddress } from '../../shares/index.js';
import { pageHeaders, pageWords } from '../../views/index.js';
import { OnlyByButton } from '../access.errors.js';
import { ChooseLanguageService } from '../choose-language.service.js';
import { SharedDataService } from '../shared-data.service.js';
import { HiddenLinkService } from '../clients/hidden-link.service.js';
import { ClientOf, type RequestingClient } from '../clients/requesting-client.js';
import { StatementsService } from '../statements.service.js';
import { back } from './back.js';
import { HIDDEN_LINK } from './share-page.js';
import { SharePageService } from './share-page.service.js';
import type { OpenedLink } from './share-page.store.js';
import { hiddenLinkPage, notTakenPage, unsubscribePage } from './small-pages.js';

@ApiExcludeController()
@Controller()
export class PagesController {
  private readonly mediafluxOrigin: string;

  constructor(
    @Inject(SharedDataService) private readonly data: SharedDataService,
    @Inject(SharePageService) private readonly pages: SharePageService,
    @Inject(StatementsService) private readonly statements: StatementsService,
    @Inject(ChooseLanguageService) private readonly chooseLanguage: ChooseLanguageService,
    @Inject(HiddenLinkService) private readonly hiddenLink: HiddenLinkService,
    @Inject(MediafluxAddress) mediaflux: MediafluxAddress,
  ) {
    this.mediafluxOrigin = new URL(mediaflux.url).origin;
  }

  @Caller('link-opened')
  @Get('s/:token')
  async page(
    @LinkOf() link: OpenedLink,
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const page = await this.pages.main(pageWords(request, link.languages), link, token, request.headers['user-agent']);
    pageHeaders(reply, this.mediafluxOrigin);
    return page;
  }

  @Caller('link')
  @Get('s/:token/files')
  async files(
    @LinkOf() link: LinkIdentity,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const page = await this.pages.files(pageWords(request, link.languages), link, request.query);
    pageHeaders(reply, this.mediafluxOrigin);
    return page;
  }

  @Caller('link')
  @Get(`s/:token/${HIDDEN_LINK}`)
  async hidden(
    @LinkOf() link: LinkIdentity,
    @ClientOf() client: RequestingClient,
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.hiddenLink.follow(link, client);
    pageHeaders(reply, this.mediafluxOrigin);
    return hiddenLinkPage(pageWords(request, link.languages), token);
  }

  @Caller('link')
  @Get([
    's/:token/direct',
    's/:token/done',
    's/:token/undone',
    's/:token/not-received',
    's/:token/received',
    's/:token/language',
  ])
  buttonsOnly(): never {
    throw new OnlyByButton();
  }

  @Caller('link')
  @Post('s/:token/done')
  async done(
    @LinkOf() link: LinkIdentity,
    @ClientOf() client: RequestingClient,
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { query } = pageWords(request, link.languages);
    const isTaken = await this.statements.say(link, 'done', client);
    await this.said(isTaken, link, token, request, reply, query);
  }

  @Caller('link')
  @Post('s/:token/undone')
  async undone(
    @LinkOf() link: LinkIdentity,
    @ClientOf() client: RequestingClient,
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { query } = pageWords(request, link.languages);
    const isTaken = await this.statements.say(link, 'undone', client);
    await this.said(isTaken, link, token, request, reply, query);
  }

  /** The language of coming mails to this person, too. */
  @Caller('link')
  @Post('s/:token/language')
  async language(
    @LinkOf() link: LinkIdentity,
    @ClientOf() client: RequestingClient,
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const isTaken = await this.chooseLanguage.run(link, request.body, client);
    await this.said(isTaken, link, token, request, reply);
  }

  @Caller('unsubscribe')
  @Get('u/:token')
  async reminders(
    @LinkOf() link: LinkIdentity,
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const facts = await this.data.factsOfAll(link);
    pageHeaders(reply, this.mediafluxOrigin);
    return unsubscribePage(pageWords(request, link.languages), facts, token);
  }

  /** One click of a mail program (RFC 8058), or the page's button. */
  @Caller('unsubscribe')
  @Post('u/:token')
  @HttpCode(200)
  async unsubscribe(
    @LinkOf() link: LinkIdentity,
    @ClientOf() client: RequestingClient,
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.statements.say(link, 'opted-out', client);
    return this.reminders(link, token, request, reply);
  }

  @Caller('unsubscribe')
  @Post('u/:token/undo')
  @HttpCode(200)
  async resubscribe(
    @LinkOf() link: LinkIdentity,
    @ClientOf() client: RequestingClient,
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.statements.say(link, 'opted-in', client);
    return this.reminders(link, token, request, reply);
  }

  /** Back to the page; where it was not taken, because a scanner said it, a page that says so. */
  private async said(
    isTaken: boolean,
    link: LinkIdentity,
    token: string,
    request: FastifyRequest,
    reply: FastifyReply,
    query = '',
  ): Promise<void> {
    if (isTaken) return back(request, reply, `/s/${token}${query}`);
    const page = notTakenPage(pageWords(request, link.languages), token);
    await pageHeaders(reply.status(200), this.mediafluxOrigin).send(page);
  }
}
