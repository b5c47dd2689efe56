// Fields that the forms of the copy method share. What is secret is never filled in again.

import type { VNode } from 'preact';
import type { Words } from '../../language/index.js';

export interface TypedLogon {
  domain: string;
  user: string;
}

/** What a form brought, by name; anything else is empty. Passwords are taken as they are. */
export function typedFields<Name extends string>(body: unknown, names: readonly Name[]): Record<Name, string> {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  return Object.fromEntries(
    names.map((name) => [name, name === 'password' ? text(name) : text(name).trim()]),
  ) as Record<Name, string>;
}

export const LOGON_FIELDS = ['domain', 'user', 'password', 'token'] as const;

/** A token, where one was given, goes before a password. */
export const credentialsOf = (typed: Record<(typeof LOGON_FIELDS)[number], string>) =>
  typed.token === '' ? { domain: typed.domain, user: typed.user, password: typed.password } : { token: typed.token };

export const Problems = ({ heading, problems }: { heading: string; problems: readonly string[] }): VNode | null =>
  problems.length === 0 ? null : (
    <div class="problem" role="alert">
      <p>{heading}</p>
      <ul>
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </div>
  );

/** Of a platform that takes no passwords, the token alone. */
export const LogonFields = ({
  words,
  typed,
  takesPasswords,
}: {
  words: Words;
  typed: TypedLogon;
  takesPasswords: boolean;
}): VNode =>
  takesPasswords ? (
    <>
      <Field name="domain" label={words.say('copyForm.domain')} value={typed.domain} />
      <Field name="user" label={words.say('copyForm.user')} value={typed.user} />
      <Field name="password" label={words.say('copyForm.password')} value="" type="password" />
      <Field name="token" label={words.say('copyForm.token')} value="" type="password" />
    </>
  ) : (
    <>
      <p>{words.say('copyForm.tokenOnly')}</p>
      <Field name="token" label={words.say('copyForm.ownToken')} value="" type="password" />
    </>
  );

export const Field = ({
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
