// The copy method's pages: logon, choice, confirmation, and how far a copy is. No step needs script.

import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Caller, type LinkIdentity, LinkOf } from '../../auth/index.js';
import { PublicAddress } from '../../http/index.js';
import { MediafluxAddress } from '../../shares/index.js';
import { pageHeaders, pageWords } from '../../views/index.js';
import { CopyNotPossible } from '../access.errors.js';
import { ClientOf, type RequestingClient } from '../clients/requesting-client.js';
import { CopyDestinationForm } from './copy-destination-form.service.js';
import { CopyFormService, type CopyVisit } from './copy-form.service.js';
import type { FormAgain } from './form-trouble.js';
import { type CookiePlace, forgetLogon, keepLogon, logonIn } from './copy-logon-cookie.js';

@ApiExcludeController()
@Controller('s/:token/copy')
export class CopyPagesController {
  private readonly mediafluxOrigin: string;

  constructor(
    @Inject(CopyFormService) private readonly forms: CopyFormService,
    @Inject(CopyDestinationForm) private readonly destinations: CopyDestinationForm,
    @Inject(PublicAddress) private readonly address: PublicAddress,
    @Inject(MediafluxAddress) mediaflux: MediafluxAddress,
  ) {
    this.mediafluxOrigin = new URL(mediaflux.url).origin;
  }

  @Caller('link')
  @Get()
  async form(@LinkOf() link: LinkIdentity, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    await this.send(reply, 200, await this.forms.empty(visitOf(request, link)));
  }

  @Caller('link')
  @Post()
  async submit(
    @LinkOf() link: LinkIdentity,
    @ClientOf() client: RequestingClient,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const visit = visitOf(request, link);
    const result = await this.forms.submit(visit, request.body, client);
    if ('trouble' in result) return this.sendAgain(reply, result);
    if ('copyId' in result) return this.goTo(reply, visit, result.copyId);
    keepLogon(reply, this.place(visit), result.logon);
    return this.goTo(reply, visit, 'destination');
  }

  @Caller('link')
  @Get('destination')
  async choose(@LinkOf() link: LinkIdentity, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    await this.loggedOn(request, reply, link, async (visit, logon) => {
      await this.send(reply, 200, await this.destinations.choose(visit, logon));
    });
  }

  @Caller('link')
  @Post('destination')
  async confirm(@LinkOf() link: LinkIdentity, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    await this.loggedOn(request, reply, link, async (visit, logon) => {
      const result = await this.destinations.confirm(visit, logon, request.body);
      if ('trouble' in result) await this.sendAgain(reply, result);
      else await this.send(reply, 200, result.page);
    });
  }

  @Caller('link')
  @Post('start')
  async start(
    @LinkOf() link: LinkIdentity,
    @ClientOf() client: RequestingClient,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    await this.loggedOn(request, reply, link, async (visit, logon) => {
      const result = await this.destinations.start(visit, logon, request.body, client);
      if ('trouble' in result) return this.sendAgain(reply, result);
      forgetLogon(reply, this.place(visit));
      return this.goTo(reply, visit, result.copyId);
    });
  }

  @Caller('link-or-expired')
  @Get(':id')
  async state(
    @LinkOf() link: LinkIdentity,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    await this.send(reply, 200, await this.forms.state(visitOf(request, link), id));
  }

  @Caller('link-or-expired')
  @Post(':id/logon')
  async resume(
    @LinkOf() link: LinkIdentity,
    @ClientOf() client: RequestingClient,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const visit = visitOf(request, link);
    const result = await this.forms.resume(visit, id, request.body, client);
    if ('trouble' in result) await this.sendAgain(reply, result);
    else await this.goTo(reply, visit, result.copyId);
  }

  /** Does `work` with the logon of this browser; without one, or when it is over, the first page says so. */
  private async loggedOn(
    request: FastifyRequest,
    reply: FastifyReply,
    link: LinkIdentity,
    work: (visit: CopyVisit, logon: string) => Promise<void>,
  ): Promise<void> {
    const visit = visitOf(request, link);
    const logon = logonIn(request);
    try {
      if (logon !== undefined) return await work(visit, logon);
    } catch (error) {
      if (!(error instanceof CopyNotPossible && error.field === 'logon')) throw error;
    }
    forgetLogon(reply, this.place(visit));
    return this.send(reply, 422, await this.forms.empty(visit, visit.page.words.say('copyTrouble.logonOver')));
  }

  private place({ token }: CopyVisit): CookiePlace {
    return { token, isSecure: this.address.url.startsWith('https:') };
  }

  private async send(reply: FastifyReply, status: number, page: string): Promise<void> {
    await pageHeaders(reply.status(status), this.mediafluxOrigin).send(page);
  }

  private async sendAgain(reply: FastifyReply, { page, trouble }: FormAgain): Promise<void> {
    if (trouble.retryAfterSeconds !== undefined) void reply.header('retry-after', String(trouble.retryAfterSeconds));
    await this.send(reply, trouble.status, page);
  }

  private async goTo(reply: FastifyReply, { token, page }: CopyVisit, where: string): Promise<void> {
    void reply.header('referrer-policy', 'no-referrer').header('cache-control', 'no-store');
    await reply.redirect(`/s/${token}/copy/${where}${page.query}`, 303);
  }
}

function visitOf(request: FastifyRequest, link: LinkIdentity): CopyVisit {
  const { token } = request.params as { token: string };
  return { page: pageWords(request, link.languages), link, token };
}
