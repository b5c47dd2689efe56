// The mailbox as a person sees it: a list, and each mail with its text, its HTML in a frame that may do nothing, and
// its headers.

import type { CaughtMail } from './store.js';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const safe = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1b1b1b;background:#fff}
a{color:#0b57a4}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #ccc}
iframe{width:100%;height:34rem;border:1px solid #ccc;background:#fff}pre{white-space:pre-wrap;background:#f4f4f4;padding:1rem}
@media (prefers-color-scheme:dark){body{color:#eee;background:#1b1b1b}a{color:#8ec5ff}pre{background:#2a2a2a}}`;

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<title>${safe(title)}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`;

export function listPage(mails: readonly CaughtMail[]): string {
  const rows = mails
    .map(
      (mail) =>
        `<tr><td>${safe(mail.receivedAt)}</td><td>${safe(mail.to.join(', '))}</td><td><a href="/mails/${mail.id}">${safe(mail.subject)}</a></td></tr>`,
    )
    .join('');
  const table = `<table><thead><tr><th>Received</th><th>To</th><th>Subject</th></tr></thead><tbody>${rows}</tbody></table>`;
  return page(
    'Mailbox',
    `<h1>Mailbox</h1><p>Every mail that this server sends ends up here.</p>${mails.length > 0 ? table : '<p>No mail yet.</p>'}`,
  );
}

export function mailPage(mail: CaughtMail): string {
  const headers = Object.entries(mail.headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
  // Links may be followed, in a window of their own; nothing else is allowed to the mail.
  const frame = `<iframe title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="${safe(`<base target="_blank">${mail.html}`)}"></iframe>`;
  const links = [...new Set(mail.text.match(/https?:\/\/\S+/g) ?? [])]
    .map((link) => `<li><a href="${safe(link)}">${safe(link)}</a></li>`)
    .join('');
  return page(
    mail.subject,
    `<p><a href="/">All mails</a></p><h1>${safe(mail.subject)}</h1><p>From ${safe(mail.from)} to ${safe(mail.to.join(', '))}</p>` +
      `${mail.html === '' ? '' : `<h2>HTML</h2>${frame}`}<h2>Text</h2><pre>${safe(mail.text)}</pre>` +
      `${links === '' ? '' : `<h2>Links</h2><ul>${links}</ul>`}<h2>Headers</h2><pre>${safe(headers)}</pre>`,
  );
}
