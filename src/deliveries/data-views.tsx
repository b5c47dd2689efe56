// What the data are and how to fetch them, as every mail to an end user says it: dispatch and reminder alike, in HTML
// and in text.

import type { VNode } from 'preact';
import type { Words } from '../language/index.js';
import type { DispatchMethod } from '../platforms/index.js';
import { Command, Facts, PROGRAM_NAME, unlinked } from '../views/index.js';
import type { DeliveryFacts } from './delivery-facts.js';

export interface HowToFetch {
  /** `PUBLIC_URL/s/{token}`. */
  url: string;
  token: string;
  server: string;
}

type FactRow = readonly [string, string];

/** @param expiresAt what the mail promises; null while its hand-over is not recorded yet */
export function dataFacts(
  words: Words,
  facts: Pick<
    DeliveryFacts,
    'folder' | 'bytes' | 'files' | 'operatorName' | 'platform' | 'keywords' | 'note' | 'uploadedAt' | 'timeZone'
  >,
  expiresAt: Date | null,
  now: Date,
): FactRow[] {
  const sender =
    facts.operatorName === null
      ? facts.platform
      : words.say('data.senderValue', { operator: facts.operatorName, platform: facts.platform });
  return [
    [words.say('data.folder'), facts.folder],
    [
      words.say('data.size'),
      words.say('data.sizeValue', { size: words.bytes(facts.bytes), files: words.files(facts.files) }),
    ],
    [words.say('data.sender'), sender],
    ...(facts.keywords.length > 0 ? [[words.say('data.keywords'), facts.keywords.join(', ')] as const] : []),
    ...(facts.note === null || facts.note === '' ? [] : [[words.say('data.note'), facts.note] as const]),
    [words.say('data.uploaded'), words.instant(facts.uploadedAt, facts.timeZone)],
    ...(expiresAt === null ? [] : [[words.say('data.until'), untilValue(words, facts, expiresAt, now)] as const]),
  ];
}

export const untilValue = (
  words: Words,
  { timeZone }: Pick<DeliveryFacts, 'timeZone'>,
  expiresAt: Date,
  now: Date,
): string =>
  words.say('data.untilValue', {
    until: words.instant(expiresAt, timeZone),
    left: words.timeLeft(now, expiresAt),
  });

/** The methods that the platform offers, the one that suits the size first. */
export function orderedMethods(facts: Pick<DeliveryFacts, 'methods' | 'bytes' | 'directLimitBytes'>): DispatchMethod[] {
  const order: DispatchMethod[] =
    facts.bytes <= facts.directLimitBytes ? ['direct', 'data-mover', 'copy'] : ['data-mover', 'direct', 'copy'];
  return order.filter((method) => facts.methods.includes(method));
}

/** A name that a shell and every file system take as one word. */
export const zipName = (folder: string): string => `${folder.replace(/[^\p{L}\p{M}\p{N}._-]/gu, '_')}.zip`;

/** In a command a typed part must not look like a domain either, and a word joiner would be copied with it. */
export const inCommand = (folder: string): string => folder.replace(/\.(?=\p{L})/gu, '_');

/** The server's name as people type it: mail gateways rewrite what looks like a link. */
const serverName = (server: string): string => server.replace(/^https:\/\//, '');

/** Those of the page, for who has been there once; a mail cannot tell which system it is read on. */
export function commandFor(method: DispatchMethod, facts: DeliveryFacts, how: HowToFetch): string | undefined {
  if (method === 'data-mover') return downloadCommand(facts, how);
  if (method === 'direct') return zipCommand('curl', facts, how);
  return undefined;
}

type Named = Pick<DeliveryFacts, 'folder'>;

export const downloadCommand = ({ folder }: Named, how: HowToFetch): string =>
  `node ${PROGRAM_NAME} download ${how.url} ${inCommand(folder)}`;

/** An empty argument (`-d ''`) would do elsewhere, but PowerShell drops it. */
export const zipCommand = (curl: 'curl' | 'curl.exe', { folder }: Named, how: HowToFetch): string =>
  `${curl} -L -d browser=false ${how.url}/direct -o ${zipName(inCommand(folder))}`;

const why = (words: Words, first: DispatchMethod | undefined): string | undefined =>
  first === 'direct'
    ? words.say('methods.why.direct')
    : first === 'data-mover'
      ? words.say('methods.why.data-mover')
      : undefined;

export function fetchingText(words: Words, facts: DeliveryFacts, how: HowToFetch): string {
  const methods = orderedMethods(facts);
  const reason = why(words, methods[0]);
  const parts = methods.map((method) =>
    [
      words.say(`methods.${method}.title`),
      words.say(`methods.${method}.text`),
      ...(commandFor(method, facts, how) === undefined ? [] : [`  ${commandFor(method, facts, how)}`]),
    ].join('\n'),
  );
  return [
    words.upperCase(words.say('methods.heading')),
    `${words.say('methods.page')}\n${how.url}`,
    ...(reason === undefined ? [] : [reason]),
    ...parts,
    `${words.say('methods.parts')}\n${words.say('methods.server', { server: serverName(how.server) })}\n${words.say('methods.token', { token: how.token })}`,
    words.say('mail.keepSecret'),
    words.say('mail.contact', { name: unlinked(facts.contactName), email: facts.contactEmail }),
  ].join('\n\n');
}

/** Further lines of a value are set in: what a person typed must not look like a fact of its own. */
export const factsText = (words: Words, rows: readonly FactRow[]): string =>
  rows.map(([name, value]) => words.fact(name, unlinked(value).replaceAll('\n', '\n  '))).join('\n');

export const Fetching = ({ words, facts, how }: { words: Words; facts: DeliveryFacts; how: HowToFetch }): VNode => {
  const methods = orderedMethods(facts);
  const reason = why(words, methods[0]);
  return (
    <>
      <h2>{words.say('methods.heading')}</h2>
      <p>
        {words.say('methods.page')}
        <br />
        <a href={how.url}>{how.url}</a>
      </p>
      {reason === undefined ? null : <p>{reason}</p>}
      {methods.map((method) => (
        <div key={method}>
          <h3>{words.say(`methods.${method}.title`)}</h3>
          <p>{words.say(`methods.${method}.text`)}</p>
          {commandFor(method, facts, how) === undefined ? null : <Command>{commandFor(method, facts, how)}</Command>}
        </div>
      ))}
      <p>{words.say('methods.parts')}</p>
      <Command>
        {words.say('methods.server', { server: serverName(how.server) })}
        {'\n'}
        {words.say('methods.token', { token: how.token })}
      </Command>
      <p>{words.say('mail.keepSecret')}</p>
      <p>{words.say('mail.contact', { name: unlinked(facts.contactName), email: facts.contactEmail })}</p>
    </>
  );
};

export const DataFacts = ({ rows }: { rows: readonly FactRow[] }): VNode => <Facts rows={rows} />;
