// The copy method between logon and start, by form. Where the logon is over, the first page says so.

import { Inject, Injectable } from '@nestjs/common';
import { AppError, Unavailable } from '../../http/index.js';
import { copyDestination } from '../access.schema.js';
import type { RequestingClient } from '../clients/requesting-client.js';
import { CopyLogonsService, mustBeWritable, type Projects, StartCopyService } from '../copies/index.js';
import { SharedDataService } from '../shared-data.service.js';
import { choosePage, startPage } from './copy-destination-pages.js';
import { typedFields } from './copy-fields.js';
import type { CopyVisit } from './copy-form.service.js';
import { type FormAgain, formTrouble, type FormTrouble, mistyped } from './form-trouble.js';

const FIELDS = ['project', 'folder', 'destination'] as const;

@Injectable()
export class CopyDestinationForm {
  constructor(
    @Inject(SharedDataService) private readonly data: SharedDataService,
    @Inject(CopyLogonsService) private readonly logons: CopyLogonsService,
    @Inject(StartCopyService) private readonly startCopy: StartCopyService,
  ) {}

  /** The projects to choose from. @throws CopyNotPossible the logon is over */
  async choose(visit: CopyVisit, logon: string, body: unknown = {}, ...problems: string[]): Promise<string> {
    const { link } = visit;
    const projects = await this.logons.with(link, logon, (session) => session.writableProjects());
    return this.choice(visit, projects, body, ...problems);
  }

  /** The same with what is wrong; where Mediaflux cannot be asked for the projects, what was chosen stands as if typed. */
  private async again(visit: CopyVisit, logon: string, body: unknown, trouble: FormTrouble): Promise<FormAgain> {
    const projects = await this.logons
      .with(visit.link, logon, (session) => session.writableProjects())
      .catch((error: unknown) => {
        if (error instanceof Unavailable) return null;
        throw error;
      });
    const given = projects ? body : { destination: destinationOf(typedFields(body, FIELDS)) };
    return { page: await this.choice(visit, projects, given, trouble.said), trouble };
  }

  private async choice(
    { page, link, token }: CopyVisit,
    projects: Projects | null,
    body: unknown,
    ...problems: string[]
  ): Promise<string> {
    const facts = await this.data.factsFor(link, 'copy');
    const given = typedFields(body, FIELDS);
    const typed = {
      ...given,
      project:
        given.project === '' && projects?.namespaces.length === 1 ? (projects.namespaces[0] ?? '') : given.project,
      folder: given.folder === '' && problems.length === 0 ? facts.folder : given.folder,
    };
    return choosePage({ page, facts, token, projects, typed, problems });
  }

  /** What was chosen is looked at, and shown to be confirmed. @throws CopyNotPossible the logon is over */
  async confirm(visit: CopyVisit, logon: string, body: unknown): Promise<{ page: string } | FormAgain> {
    const { page, link, token } = visit;
    const facts = await this.data.factsFor(link, 'copy');
    const typed = typedFields(body, FIELDS);
    const again = (trouble: FormTrouble) => this.again(visit, logon, body, trouble);
    const chosen = copyDestination.safeParse(destinationOf(typed));
    if (!chosen.success) return again(mistyped(page.words.say('copyTrouble.path')));
    try {
      const { isNew } = await this.logons.with(link, logon, (session) => mustBeWritable(session, facts, chosen.data));
      return { page: startPage({ page, facts, token, destination: chosen.data, isNew }) };
    } catch (error) {
      if (error instanceof AppError) return again(formTrouble(page.words, error));
      throw error;
    }
  }

  async start(
    visit: CopyVisit,
    logon: string,
    body: unknown,
    requesting: RequestingClient,
  ): Promise<{ copyId: string } | FormAgain> {
    const { page, link } = visit;
    const { destination } = typedFields(body, FIELDS);
    const again = (trouble: FormTrouble) => this.again(visit, logon, { destination }, trouble);
    const chosen = copyDestination.safeParse(destination);
    if (!chosen.success) return again(mistyped(page.words.say('copyTrouble.path')));
    try {
      // The logon is the key: a button that is pressed twice leads to the one copy that it began.
      const { id } = await this.startCopy.run(link, { logon, destination: chosen.data }, requesting, logon);
      return { copyId: id };
    } catch (error) {
      if (error instanceof AppError) return again(formTrouble(page.words, error));
      throw error;
    }
  }
}

/** What was typed in full goes before a project that was chosen. */
function destinationOf({ project, folder, destination }: Record<(typeof FIELDS)[number], string>): string {
  if (destination !== '' || project === '') return destination;
  const name = folder.replace(/^\/+|\/+$/g, '');
  return name === '' ? project : `${project}/${name}`;
}
