// The copy method's first page, a form; and its last, how far a copy is and what makes a failed one go on.

import type { DeliveryFacts } from '../../deliveries/index.js';
import { isSentence } from '../../language/index.js';
import { type PageWords, renderPage } from '../../views/index.js';
import { Field, LogonFields, Problems, type TypedLogon } from './copy-fields.js';

export interface CopyForm {
  page: PageWords;
  facts: DeliveryFacts;
  token: string;
  /** What was typed before, secrets left out. */
  typed: TypedLogon & { destination: string };
  problems: readonly string[];
}

export const copyFormPage = ({ page: { words, query }, facts, token, typed, problems }: CopyForm): string =>
  renderPage({
    words,
    title: words.say('copyForm.title', { folder: facts.folder }),
    children: (
      <>
        <h1>{words.say('copyForm.title', { folder: facts.folder })}</h1>
        <Problems heading={words.say('copyForm.problem')} problems={problems} />
        <p>{words.say('copyForm.intro')}</p>
        <p>{facts.copyPasswords ? words.say('copyForm.power') : words.say('copyForm.tokenPower')}</p>
        <form method="post" action={`/s/${token}/copy${query}`}>
          <LogonFields words={words} typed={typed} takesPasswords={facts.copyPasswords} />
          <Field name="destination" label={words.say('copyForm.destination')} value={typed.destination} />
          <p>
            <button type="submit">{words.say('copyForm.submit')}</button>
          </p>
        </form>
        <p>
          <a href={`/s/${token}${query}`}>{words.say('page.back')}</a>
        </p>
      </>
    ),
  });

export interface CopyState {
  id: string;
  state: 'requested' | 'copying' | 'completed' | 'failed';
  files: number;
  destination: string;
  /** In English, and as it can be told in any language. */
  reason: string | null;
  reason_sentence: unknown;
  /** Another one to the same place that is under way. */
  other_id: string | null;
}

export interface CopyStatePage {
  page: PageWords;
  facts: DeliveryFacts;
  token: string;
  copy: CopyState;
  /** A new logon makes it go on. */
  mayResume: boolean;
  /** The link still opens its other pages. */
  isLive: boolean;
  typed: TypedLogon;
  problems: readonly string[];
}

/** Where script runs the page loads itself again. */
const LOOK_AGAIN_SECONDS = 10;

export const copyStatePage = ({
  page,
  facts,
  token,
  copy,
  mayResume,
  isLive,
  typed,
  problems,
}: CopyStatePage): string => {
  const { words, query } = page;
  const isUnderWay = copy.state === 'requested' || copy.state === 'copying';
  return renderPage({
    words,
    title: words.say('copyState.title', { folder: facts.folder }),
    usesScript: isUnderWay,
    children: (
      <>
        <h1>{words.say('copyState.title', { folder: facts.folder })}</h1>
        <p role="status">
          {words.say(`copyState.${copy.state}`, {
            files: copy.files,
            all: facts.files,
            destination: copy.destination,
            reason: isSentence(copy.reason_sentence) ? words.tell(copy.reason_sentence) : (copy.reason ?? ''),
          })}
        </p>
        {isUnderWay ? <p data-look-again-seconds={LOOK_AGAIN_SECONDS}>{words.say('copyState.refresh')}</p> : null}
        {copy.state === 'failed' && copy.other_id !== null ? (
          <p class="state">
            {words.say('copyTrouble.placeTaken', { destination: copy.destination })}{' '}
            <a href={`/s/${token}/copy/${copy.other_id}${query}`}>{words.say('copyResume.other')}</a>
          </p>
        ) : null}
        {mayResume ? (
          <section aria-labelledby="resume">
            <h2 id="resume">{words.say('copyResume.heading')}</h2>
            <Problems heading={words.say('copyResume.problem')} problems={problems} />
            <p>
              {words.say('copyResume.text', { files: copy.files, all: facts.files, destination: copy.destination })}
            </p>
            <form method="post" action={`/s/${token}/copy/${copy.id}/logon${query}`}>
              <LogonFields words={words} typed={typed} takesPasswords={facts.copyPasswords} />
              <p>
                <button type="submit">{words.say('copyResume.submit')}</button>
              </p>
            </form>
          </section>
        ) : null}
        {copy.state === 'failed' && isLive ? (
          <p>
            <a href={`/s/${token}/copy${query}`}>{words.say('copyResume.elsewhere')}</a>
          </p>
        ) : null}
        {isLive ? (
          <p>
            <a href={`/s/${token}${query}`}>{words.say('page.back')}</a>
          </p>
        ) : null}
      </>
    ),
  });
};
