// Reply documents, byte for byte as recorded (reference 1.4 and 1.5).

import { ServiceFault, SessionInvalid } from '../faults.js';
import { EMULATED_VERSION } from '../services/server-services.js';
import { el, type Element, writeXml, XmlFault } from '../xml/element.js';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" ?>\n';

export const resultDocument = (result: Element[]): string =>
  DECLARATION + writeXml(el('response', [el('reply', [el('result', result)], { type: 'result' })]));

const SERVICE_ERROR = 'arc.mf.server.Services$ExServiceError';

export interface ErrorContext {
  service: string;
  actor: string;
  sessionId: number | undefined;
  at: string;
  host: string;
}

/** `message` stands before `cause`: clients take the first. The session error is one bare message. */
export function errorDocument(error: unknown, context: ErrorContext): string {
  if (error instanceof SessionInvalid)
    return replyOf(errorParts('emulator.SessionInvalid', ['java.lang.Throwable'], error.message, ''));
  if (!(error instanceof ServiceFault) && !(error instanceof XmlFault)) throw error;
  const bare = error.message.replace(
    /^(?:call to service '[^']*' failed: (?:error executing service \[idx=\d+\] \S+: )?)+/,
    '',
  );
  const message = `${error.message}\n${contextLines(context)}`;
  const parts = errorParts(
    SERVICE_ERROR,
    ['java.lang.Throwable'],
    message,
    `${SERVICE_ERROR}: ${error.message}\n\tat emulator`,
  );
  if (error instanceof ServiceFault && error.cause_.className !== SERVICE_ERROR) {
    parts.push(
      el(
        'cause',
        errorParts(error.cause_.className, error.cause_.superclasses, bare, `${error.cause_.className}: ${bare}`),
      ),
    );
  }
  return replyOf(parts);
}

const replyOf = (parts: Element[]): string =>
  DECLARATION +
  writeXml(
    el('response', [el('reply', [el('server', [el('version', EMULATED_VERSION)]), ...parts], { type: 'error' })]),
  );

const errorParts = (className: string, superclasses: string[], message: string, stack: string): Element[] => [
  el('error', className),
  ...superclasses.map((name) => el('sclass', name)),
  el('message', message),
  el('stack', stack),
];

/** Newest first; argument values are masked, as the recorded ones are for metadata. */
function contextLines(context: ErrorContext): string {
  const session = context.sessionId === undefined ? '' : ` [sid=${context.sessionId}]`;
  return [
    'Context:',
    `   ${context.at}.000 [0 sec(s) ago]: service: ${context.actor}${session}: ${context.service} ******`,
    `  called by: ${context.at}.000 [0 sec(s) ago]: http: from: /127.0.0.1, request: /__mflux_svc__ vars:  select headers: [Host=${context.host}]`,
  ].join('\n');
}
