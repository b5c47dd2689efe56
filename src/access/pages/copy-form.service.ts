// The copy method by form: what was typed is checked, tried, and shown again with what is wrong.

import { Inject, Injectable } from '@nestjs/common';
import type { LinkIdentity } from '../../auth/index.js';
import { AppError } from '../../http/index.js';
import { startCopy } from '../access.schema.js';
import type { RequestingClient } from '../clients/requesting-client.js';
import { CopiesService } from '../copies.service.js';
import { SharedDataService } from '../shared-data.service.js';
import type { PageWords } from '../../views/index.js';
import { copyFormPage, copyStatePage } from './copy-pages.js';
import { troubleIn } from './trouble.js';

@Injectable()
export class CopyFormService {
  constructor(
    @Inject(SharedDataService) private readonly data: SharedDataService,
    @Inject(CopiesService) private readonly copies: CopiesService,
  ) {}

  async empty(page: PageWords, link: LinkIdentity, token: string): Promise<string> {
    const facts = await this.data.factsFor(link, 'copy');
    return copyFormPage({ page, facts, token, typed: { domain: '', user: '', destination: '' }, problems: [] });
  }

  async submit(
    page: PageWords,
    link: LinkIdentity,
    token: string,
    body: unknown,
    requesting: RequestingClient,
  ): Promise<{ copyId: string } | { page: string }> {
    const facts = await this.data.factsFor(link, 'copy');
    const typed = typedFields(body);
    const given =
      typed.token === ''
        ? { domain: typed.domain, user: typed.user, password: typed.password }
        : { token: typed.token };
    const parsed = startCopy.safeParse({ ...given, destination: typed.destination });
    const again = (problems: readonly string[]) => ({ page: copyFormPage({ page, facts, token, typed, problems }) });
    if (!parsed.success) return again([page.words.say('copyTrouble.fields')]);
    try {
      return { copyId: (await this.copies.start(link, parsed.data, requesting)).id };
    } catch (error) {
      if (error instanceof AppError) return again([troubleIn(page.words, error)]);
      throw error;
    }
  }

  async state(page: PageWords, link: LinkIdentity, token: string, id: string): Promise<string> {
    const facts = await this.data.factsFor(link, 'copy');
    return copyStatePage(page, facts, token, await this.copies.find(link, id));
  }
}

function typedFields(body: unknown): Record<'domain' | 'user' | 'password' | 'token' | 'destination', string> {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  return {
    domain: text('domain').trim(),
    user: text('user').trim(),
    password: text('password'),
    token: text('token').trim(),
    destination: text('destination').trim(),
  };
}
