// The copy method's pages: a form, and how far a copy is.

import type { VNode } from 'preact';
import type { DeliveryFacts } from '../../deliveries/index.js';
import { isSentence } from '../../language/index.js';
import { type PageWords, renderPage } from '../../views/index.js';

export interface CopyForm {
  page: PageWords;
  facts: DeliveryFacts;
  token: string;
  /** What was typed before, secrets left out. */
  typed: { domain: string; user: string; destination: string };
  problems: readonly string[];
}

export const copyFormPage = ({ page: { words, query }, facts, token, typed, problems }: CopyForm): string =>
  renderPage({
    words,
    title: words.say('copyForm.title', { folder: facts.folder }),
    children: (
      <>
        <h1>{words.say('copyForm.title', { folder: facts.folder })}</h1>
        {problems.length === 0 ? null : (
          <div class="problem" role="alert">
            <p>{words.say('copyForm.problem')}</p>
            <ul>
              {problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          </div>
        )}
        <p>{words.say('copyForm.intro')}</p>
        <p>{words.say('copyForm.power')}</p>
        <form method="post" action={`/s/${token}/copy${query}`}>
          <Field name="domain" label={words.say('copyForm.domain')} value={typed.domain} />
          <Field name="user" label={words.say('copyForm.user')} value={typed.user} />
          <Field name="password" label={words.say('copyForm.password')} value="" type="password" />
          <Field name="token" label={words.say('copyForm.token')} value="" type="password" />
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

const Field = ({
  name,
  label,
  value,
  type = 'text',
}: {
  name: string;
  label: string;
  value: string;
  type?: 'text' | 'password';
}): VNode => (
  <>
    <label for={name}>{label}</label>
    {type === 'password' ? (
      <input id={name} name={name} type="password" value={value} autocomplete="off" />
    ) : (
      <input id={name} name={name} type="text" value={value} autocomplete="off" />
    )}
  </>
);

export interface CopyState {
  state: 'requested' | 'copying' | 'completed' | 'failed';
  files: number;
  destination: string;
  /** In English, and as it can be told in any language. */
  reason: string | null;
  reason_sentence: unknown;
}

/** Where script runs the page loads itself again. */
const LOOK_AGAIN_SECONDS = 10;

export const copyStatePage = (
  { words, query }: PageWords,
  facts: DeliveryFacts,
  token: string,
  copy: CopyState,
): string =>
  renderPage({
    words,
    title: words.say('copyState.title', { folder: facts.folder }),
    usesScript: copy.state === 'requested' || copy.state === 'copying',
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
        {copy.state === 'requested' || copy.state === 'copying' ? (
          <p data-look-again-seconds={LOOK_AGAIN_SECONDS}>{words.say('copyState.refresh')}</p>
        ) : null}
        <p>
          <a href={`/s/${token}${query}`}>{words.say('page.back')}</a>
        </p>
      </>
    ),
  });
