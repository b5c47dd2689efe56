// What the data are and how to fetch them, as every mail to an end user says it: dispatch and reminder alike, in HTML
// and in text.

import type { VNode } from 'preact';
import { formatBytes, formatFiles, formatInstant, say, timeLeft } from '../language/index.js';
import type { DispatchMethod } from '../platforms/index.js';
import { Command, Facts, unlinked } from '../views/index.js';
import type { DeliveryFacts } from './delivery-facts.js';

export interface HowToFetch {
  /** `PUBLIC_URL/s/{token}`. */
  url: string;
  token: string;
  server: string;
}

type FactRow = readonly [string, string];

/** @param expiresAt what the mail promises; null while its hand-over is not recorded yet */
export function dataFacts(facts: DeliveryFacts, expiresAt: Date | null, now: Date): FactRow[] {
  const sender =
    facts.operatorName === null
      ? facts.platform
      : say('data.senderValue', { operator: facts.operatorName, platform: facts.platform });
  return [
    [say('data.folder'), facts.folder],
    [say('data.size'), say('data.sizeValue', { size: formatBytes(facts.bytes), files: formatFiles(facts.files) })],
    [say('data.sender'), sender],
    ...(facts.keywords.length > 0 ? [[say('data.keywords'), facts.keywords.join(', ')] as const] : []),
    ...(facts.note === null || facts.note === '' ? [] : [[say('data.note'), facts.note] as const]),
    [say('data.uploaded'), formatInstant(facts.uploadedAt, facts.timeZone)],
    ...(expiresAt === null ? [] : [[say('data.until'), until(facts, expiresAt, now)] as const]),
  ];
}

const until = (facts: DeliveryFacts, expiresAt: Date, now: Date): string =>
  say('data.untilValue', { until: formatInstant(expiresAt, facts.timeZone), left: timeLeft(now, expiresAt) });

/** The methods that the platform offers, the one that suits the size first. */
export function orderedMethods(facts: Pick<DeliveryFacts, 'methods' | 'bytes' | 'directLimitBytes'>): DispatchMethod[] {
  const order: DispatchMethod[] =
    facts.bytes <= facts.directLimitBytes ? ['direct', 'data-mover', 'copy'] : ['data-mover', 'direct', 'copy'];
  return order.filter((method) => facts.methods.includes(method));
}

/** A name that a shell and every file system take as one word. */
export const zipName = (folder: string): string => `${folder.replace(/[^\p{L}\p{M}\p{N}._-]/gu, '_')}.zip`;

export function commandFor(method: DispatchMethod, facts: DeliveryFacts, how: HowToFetch): string | undefined {
  if (method === 'data-mover') return `data-mover download ${how.url} ${facts.folder}`;
  if (method === 'direct') return `curl -L -d '' ${how.url}/direct -o ${zipName(facts.folder)}`;
  return undefined;
}

const why = (first: DispatchMethod | undefined): string | undefined =>
  first === 'direct' ? say('methods.why.direct') : first === 'data-mover' ? say('methods.why.data-mover') : undefined;

export function fetchingText(facts: DeliveryFacts, how: HowToFetch): string {
  const methods = orderedMethods(facts);
  const reason = why(methods[0]);
  const parts = methods.map((method) =>
    [
      say(`methods.${method}.title`),
      say(`methods.${method}.text`),
      ...(commandFor(method, facts, how) === undefined ? [] : [`  ${commandFor(method, facts, how)}`]),
    ].join('\n'),
  );
  return [
    say('methods.heading').toUpperCase(),
    `${say('methods.page')}\n${how.url}`,
    ...(reason === undefined ? [] : [reason]),
    ...parts,
    `${say('methods.parts')}\n${say('methods.server', { server: how.server })}\n${say('methods.token', { token: how.token })}`,
    say('mail.keepSecret'),
    say('mail.contact', { name: facts.contactName, email: facts.contactEmail }),
  ].join('\n\n');
}

export const factsText = (rows: readonly FactRow[]): string =>
  rows.map(([name, value]) => `${name}: ${unlinked(value)}`).join('\n');

export const Fetching = ({ facts, how }: { facts: DeliveryFacts; how: HowToFetch }): VNode => {
  const methods = orderedMethods(facts);
  const reason = why(methods[0]);
  return (
    <>
      <h2>{say('methods.heading')}</h2>
      <p>
        {say('methods.page')}
        <br />
        <a href={how.url}>{how.url}</a>
      </p>
      {reason === undefined ? null : <p>{reason}</p>}
      {methods.map((method) => (
        <div key={method}>
          <h3>{say(`methods.${method}.title`)}</h3>
          <p>{say(`methods.${method}.text`)}</p>
          {commandFor(method, facts, how) === undefined ? null : <Command>{commandFor(method, facts, how)}</Command>}
        </div>
      ))}
      <p>{say('methods.parts')}</p>
      <Command>
        {say('methods.server', { server: how.server })}
        {'\n'}
        {say('methods.token', { token: how.token })}
      </Command>
      <p>{say('mail.keepSecret')}</p>
      <p>{say('mail.contact', { name: facts.contactName, email: facts.contactEmail })}</p>
    </>
  );
};

export const DataFacts = ({ rows }: { rows: readonly FactRow[] }): VNode => <Facts rows={rows} />;
