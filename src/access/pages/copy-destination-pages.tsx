// The copy method between logon and start: where the data are to go, and whether that is what was meant.

import type { VNode } from 'preact';
import type { DeliveryFacts } from '../../deliveries/index.js';
import type { Words } from '../../language/index.js';
import { type PageWords, renderPage } from '../../views/index.js';
import type { Projects } from '../copies/index.js';
import { Field, Problems } from './copy-fields.js';

interface DestinationPage {
  page: PageWords;
  facts: DeliveryFacts;
  token: string;
}

export interface ChoosePage extends DestinationPage {
  /** Null where Mediaflux cannot be asked for them. */
  projects: Projects | null;
  typed: { project: string; folder: string; destination: string };
  problems: readonly string[];
}

export const choosePage = ({ page: { words, query }, facts, token, projects, typed, problems }: ChoosePage): string =>
  renderPage({
    words,
    title: words.say('copyChoice.title', { folder: facts.folder }),
    children: (
      <>
        <h1>{words.say('copyChoice.title', { folder: facts.folder })}</h1>
        <Problems heading={words.say('copyForm.problem')} problems={problems} />
        <form method="post" action={`/s/${token}/copy/destination${query}`}>
          {projects ? <ProjectChoice words={words} projects={projects} typed={typed} /> : null}
          <Field name="destination" label={words.say('copyChoice.destination')} value={typed.destination} />
          <p class="quiet">{words.say('copyForm.intro')}</p>
          <p>
            <button type="submit">{words.say('copyForm.submit')}</button>
          </p>
        </form>
        <p class="quiet">{words.say('copyChoice.until')}</p>
        <p>
          <a href={`/s/${token}${query}`}>{words.say('page.back')}</a>
        </p>
      </>
    ),
  });

const ProjectChoice = ({
  words,
  projects: { namespaces, isWhole },
  typed,
}: {
  words: Words;
  projects: Projects;
  typed: ChoosePage['typed'];
}): VNode =>
  namespaces.length === 0 ? (
    <p>{words.say('copyChoice.none')}</p>
  ) : (
    <>
      <fieldset>
        <legend>{words.say('copyChoice.projects')}</legend>
        {namespaces.map((namespace, index) => (
          <p key={namespace} class="choice">
            <input
              type="radio"
              id={`project-${index}`}
              name="project"
              value={namespace}
              checked={namespace === typed.project}
            />
            <label for={`project-${index}`}>{namespace}</label>
          </p>
        ))}
        {isWhole ? null : <p>{words.say('copyChoice.more')}</p>}
      </fieldset>
      <Field name="folder" label={words.say('copyChoice.folder')} value={typed.folder} />
    </>
  );

export interface StartPage extends DestinationPage {
  destination: string;
  /** It is to be made. */
  isNew: boolean;
}

export const startPage = ({ page: { words, query }, facts, token, destination, isNew }: StartPage): string =>
  renderPage({
    words,
    title: words.say('copyStart.title', { folder: facts.folder }),
    children: (
      <>
        <h1>{words.say('copyStart.title', { folder: facts.folder })}</h1>
        <p>{words.say('copyStart.what', { files: facts.files, size: words.bytes(facts.bytes), destination })}</p>
        <p>{isNew ? words.say('copyStart.isNew') : words.say('copyStart.isThere')}</p>
        <form method="post" action={`/s/${token}/copy/start${query}`}>
          <input type="hidden" name="destination" value={destination} />
          <p>
            <button type="submit">{words.say('copyStart.submit')}</button>
          </p>
        </form>
        <p>
          <a href={`/s/${token}/copy/destination${query}`}>{words.say('copyStart.back')}</a>
        </p>
      </>
    ),
  });
