// The copy method by form: what was typed is checked, tried, and shown again with what is wrong.

import { Inject, Injectable } from '@nestjs/common';
import type { LinkIdentity } from '../../auth/index.js';
import type { DeliveryFacts } from '../../deliveries/index.js';
import { AppError } from '../../http/index.js';
import type { PageWords } from '../../views/index.js';
import { startCopy, userCredentials } from '../access.schema.js';
import type { RequestingClient } from '../clients/requesting-client.js';
import { CopiesService, CopyLogonsService, type SeenCopy, StartCopyService } from '../copies/index.js';
import { SharedDataService } from '../shared-data.service.js';
import { credentialsOf, LOGON_FIELDS, typedFields, type TypedLogon } from './copy-fields.js';
import { copyFormPage, copyStatePage } from './copy-pages.js';
import { type FormAgain, formTrouble, type FormTrouble, mistyped } from './form-trouble.js';

/** Of who asks: the page's words, the link and its token. */
export interface CopyVisit {
  page: PageWords;
  link: LinkIdentity;
  token: string;
}

@Injectable()
export class CopyFormService {
  constructor(
    @Inject(SharedDataService) private readonly data: SharedDataService,
    @Inject(StartCopyService) private readonly startCopy: StartCopyService,
    @Inject(CopyLogonsService) private readonly logons: CopyLogonsService,
    @Inject(CopiesService) private readonly copies: CopiesService,
  ) {}

  async empty({ page, link, token }: CopyVisit, ...problems: string[]): Promise<string> {
    const facts = await this.data.factsFor(link, 'copy');
    return copyFormPage({ page, facts, token, typed: { domain: '', user: '', destination: '' }, problems });
  }

  /** A logon, to choose the destination next; or, with a destination, the whole. */
  async submit(
    { page, link, token }: CopyVisit,
    body: unknown,
    requesting: RequestingClient,
  ): Promise<{ copyId: string } | { logon: string } | FormAgain> {
    const facts = await this.data.factsFor(link, 'copy');
    const typed = typedFields(body, [...LOGON_FIELDS, 'destination']);
    const again = (trouble: FormTrouble): FormAgain => ({
      page: copyFormPage({ page, facts, token, typed, problems: [trouble.said] }),
      trouble,
    });
    const credentials = userCredentials.safeParse(credentialsOf(typed));
    if (!credentials.success) return again(mistyped(this.lacking(page, facts)));
    try {
      if (typed.destination === '') return { logon: (await this.logons.run(link, credentials.data)).logon };
      const whole = startCopy.safeParse({ ...credentials.data, destination: typed.destination });
      if (!whole.success) return again(mistyped(page.words.say('copyTrouble.path')));
      return { copyId: (await this.startCopy.run(link, whole.data, requesting)).id };
    } catch (error) {
      if (error instanceof AppError) return again(formTrouble(page.words, error));
      throw error;
    }
  }

  async state(visit: CopyVisit, id: string): Promise<string> {
    const facts = await this.data.factsFor(visit.link, 'copy');
    return this.statePage(visit, facts, await this.copies.find(visit.link, id));
  }

  /** A new logon for a copy that failed. */
  async resume(
    visit: CopyVisit,
    id: string,
    body: unknown,
    requesting: RequestingClient,
  ): Promise<{ copyId: string } | FormAgain> {
    const { page, link } = visit;
    const facts = await this.data.factsFor(link, 'copy');
    const typed = typedFields(body, LOGON_FIELDS);
    const again = async (trouble: FormTrouble): Promise<FormAgain> => ({
      page: this.statePage(visit, facts, await this.copies.find(link, id), typed, trouble.said),
      trouble,
    });
    const credentials = userCredentials.safeParse(credentialsOf(typed));
    if (!credentials.success) return again(mistyped(this.lacking(page, facts)));
    try {
      return { copyId: (await this.copies.resume(link, id, credentials.data, requesting)).id };
    } catch (error) {
      if (error instanceof AppError) return again(formTrouble(page.words, error));
      throw error;
    }
  }

  private statePage(
    { page, link, token }: CopyVisit,
    facts: DeliveryFacts,
    copy: SeenCopy,
    typed: TypedLogon = { domain: '', user: '' },
    ...problems: string[]
  ): string {
    const mayResume = this.copies.mayResume(copy, facts);
    return copyStatePage({ page, facts, token, copy, mayResume, isLive: link.state === 'live', typed, problems });
  }

  private lacking({ words }: PageWords, { copyPasswords }: DeliveryFacts): string {
    return copyPasswords ? words.say('copyTrouble.fields') : words.say('copyTrouble.noPasswords');
  }
}
