// The copy method's pages: a form, and how far a copy is.

import type { VNode } from 'preact';
import type { DeliveryFacts } from '../../deliveries/index.js';
import { say } from '../../language/index.js';
import { renderPage } from '../../views/index.js';

export interface CopyForm {
  facts: DeliveryFacts;
  token: string;
  /** What was typed before, secrets left out. */
  typed: { domain: string; user: string; destination: string };
  problems: readonly string[];
}

export const copyFormPage = ({ facts, token, typed, problems }: CopyForm): string =>
  renderPage({
    title: say('copyForm.title', { folder: facts.folder }),
    children: (
      <>
        <h1>{say('copyForm.title', { folder: facts.folder })}</h1>
        {problems.length === 0 ? null : (
          <div class="problem" role="alert">
            <p>{say('copyForm.problem')}</p>
            <ul>
              {problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          </div>
        )}
        <p>{say('copyForm.intro')}</p>
        <p>{say('copyForm.power')}</p>
        <form method="post" action={`/s/${token}/copy`}>
          <Field name="domain" label={say('copyForm.domain')} value={typed.domain} />
          <Field name="user" label={say('copyForm.user')} value={typed.user} />
          <Field name="password" label={say('copyForm.password')} value="" type="password" />
          <Field name="token" label={say('copyForm.token')} value="" type="password" />
          <Field name="destination" label={say('copyForm.destination')} value={typed.destination} />
          <p>
            <button type="submit">{say('copyForm.submit')}</button>
          </p>
        </form>
        <p>
          <a href={`/s/${token}`}>{say('back')}</a>
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
  reason?: string;
}

export const copyStatePage = (facts: DeliveryFacts, token: string, copy: CopyState): string =>
  renderPage({
    title: say('copyState.title', { folder: facts.folder }),
    children: (
      <>
        <h1>{say('copyState.title', { folder: facts.folder })}</h1>
        <p role="status">
          {say(`copyState.${copy.state}`, {
            files: copy.files,
            all: facts.files,
            destination: copy.destination,
            reason: copy.reason ?? '',
          })}
        </p>
        {copy.state === 'requested' || copy.state === 'copying' ? <p>{say('copyState.refresh')}</p> : null}
        <p>
          <a href={`/s/${token}`}>{say('back')}</a>
        </p>
      </>
    ),
  });
