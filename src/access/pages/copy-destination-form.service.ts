// The copy method between logon and start, by form. Where the logon is over, the first page says so.

import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../http/index.js';
import { copyDestination } from '../access.schema.js';
import type { RequestingClient } from '../clients/requesting-client.js';
import { CopyLogonsService, mustBeWritable, StartCopyService } from '../copies/index.js';
import { SharedDataService } from '../shared-data.service.js';
import { choosePage, startPage } from './copy-destination-pages.js';
import { typedFields } from './copy-fields.js';
import type { CopyVisit } from './copy-form.service.js';
import { troubleIn } from './trouble.js';

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
    const { page, link, token } = visit;
    const facts = await this.data.factsFor(link, 'copy');
    const projects = await this.logons.with(link, logon, (session) => session.writableProjects());
    const given = typedFields(body, FIELDS);
    const typed = {
      ...given,
      project:
        given.project === '' && projects.namespaces.length === 1 ? (projects.namespaces[0] ?? '') : given.project,
      folder: given.folder === '' && problems.length === 0 ? facts.folder : given.folder,
    };
    return choosePage({ page, facts, token, projects, typed, problems });
  }

  /** What was chosen is looked at, and shown to be confirmed. @throws CopyNotPossible the logon is over */
  async confirm(visit: CopyVisit, logon: string, body: unknown): Promise<{ status: 200 | 422; page: string }> {
    const { page, link, token } = visit;
    const facts = await this.data.factsFor(link, 'copy');
    const typed = typedFields(body, FIELDS);
    const again = async (problem: string) => ({
      status: 422 as const,
      page: await this.choose(visit, logon, body, problem),
    });
    const chosen = copyDestination.safeParse(destinationOf(typed));
    if (!chosen.success) return again(page.words.say('copyTrouble.path'));
    try {
      const { isNew } = await this.logons.with(link, logon, (session) => mustBeWritable(session, chosen.data));
      return { status: 200, page: startPage({ page, facts, token, destination: chosen.data, isNew }) };
    } catch (error) {
      if (error instanceof AppError) return again(troubleIn(page.words, error));
      throw error;
    }
  }

  async start(
    visit: CopyVisit,
    logon: string,
    body: unknown,
    requesting: RequestingClient,
  ): Promise<{ copyId: string } | { page: string }> {
    const { page, link } = visit;
    const { destination } = typedFields(body, FIELDS);
    const again = async (problem: string) => ({ page: await this.choose(visit, logon, { destination }, problem) });
    const chosen = copyDestination.safeParse(destination);
    if (!chosen.success) return again(page.words.say('copyTrouble.path'));
    try {
      return { copyId: (await this.startCopy.run(link, { logon, destination: chosen.data }, requesting)).id };
    } catch (error) {
      if (error instanceof AppError) return again(troubleIn(page.words, error));
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
