// How every mail looks: plain, readable without images, in light and dark. The text part is written apart, not made
// from this.

import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Words } from '../language/index.js';
import { unlinked } from './unlinked.rules.js';

/** Links and names are longer than a phone is wide; mail programs that do not know the first know the second. */
const WRAPPED = 'overflow-wrap:anywhere;word-break:break-word';
const BODY = `margin:0;padding:24px 12px;font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;color:#1b1b1b;background:#ffffff;${WRAPPED}`;
const MAIN = 'max-width:600px;margin:0 auto';
const HIDDEN = 'display:none;max-height:0;overflow:hidden';

export interface MailFrame {
  words: Words;
  title: string;
  /** Shown by mail programs beside the subject. */
  preheader: string;
  children: ComponentChildren;
}

const Frame = ({ words, title, preheader, children }: MailFrame): VNode => (
  <html lang={words.tag}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <meta name="color-scheme" content="light dark" />
      <title>{unlinked(title)}</title>
    </head>
    <body style={BODY}>
      <div style={HIDDEN}>{preheader}</div>
      <div style={MAIN}>{children}</div>
    </body>
  </html>
);

/** The HTML part of a mail. */
export const renderMail = (frame: MailFrame): string => `<!doctype html>\n${renderToString(<Frame {...frame} />)}`;

/** Facts, a name and a value each. */
export const Facts = ({ rows }: { rows: readonly (readonly [string, string])[] }): VNode => (
  <table style="border-collapse:collapse;margin:16px 0">
    <tbody>
      {rows.map(([name, value]) => (
        <tr key={name}>
          <th
            scope="row"
            style="text-align:left;vertical-align:top;padding:4px 16px 4px 0;font-weight:600;overflow-wrap:normal;word-break:normal"
          >
            {name}
          </th>
          <td dir="auto" style="padding:4px 0;white-space:pre-wrap">
            {unlinked(value)}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

/** A paragraph that a person typed, with its line breaks. */
export const Typed = ({ text }: { text: string }): VNode => <p style="white-space:pre-line">{unlinked(text)}</p>;

export const Command = ({ children }: { children: ComponentChildren }): VNode => (
  <pre style="white-space:pre-wrap;word-break:break-all;background:#f2f2f2;color:#1b1b1b;padding:8px 12px;border-radius:4px;font:14px/1.4 ui-monospace,monospace">
    {children}
  </pre>
);
