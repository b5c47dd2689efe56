// `settings.xml`, and where a link or token leads.

import { isMediafluxError, readXml, textAt } from '../src/mediaflux/protocol/index.js';
import { wrongUse } from './failures.js';
import { NotText, readText } from './text-file.js';

export interface UploadTarget {
  server: string;
  token: string;
}

/** @throws Failure it cannot be read or is not of our format */
export function readSettings(file: string): UploadTarget {
  let text: string;
  try {
    text = readText(file);
  } catch (error) {
    if (error instanceof NotText) throw wrongUse(`${file} is no text; is it the right file?`);
    throw wrongUse(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`);
  }
  try {
    const root = readXml(text);
    const server = textAt(root, 'server')?.trim().replace(/\/+$/, '');
    const token = textAt(root, 'token')?.trim();
    if (root.name !== 'instrument-dispatch' || root.attributes['version'] !== '1' || !server || !token) {
      throw wrongUse(
        `${file} is not a settings.xml of this program (instrument-dispatch, version 1, with server and token).`,
      );
    }
    return targetOf(server, token, file);
  } catch (error) {
    if (isMediafluxError(error)) throw wrongUse(`${file} is not well-formed XML.`);
    throw error;
  }
}

/** The server and token of a link, or of a token alone with its server. @throws Failure neither */
export function linkTarget(linkOrToken: string, url: string | undefined): UploadTarget {
  const match = /^(https?:\/\/.+?)\/s\/([\w-]+)(?:[/?#].*)?$/.exec(linkOrToken);
  if (match?.[1] !== undefined && match[2] !== undefined) return targetOf(match[1], match[2], 'the link');
  if (!/^[\w-]+$/.test(linkOrToken)) throw wrongUse('Give the link from the mail, or its token with --url.');
  if (url === undefined) throw wrongUse('A token alone needs the server: --url https://dispatch.example.org');
  // Mails say the server's name alone: mail gateways rewrite what looks like a link.
  return targetOf(url.includes('://') ? url : `https://${url}`, linkOrToken, '--url');
}

/** @param from where they were read, for whoever has to put them right @throws Failure they can be used nowhere */
export function targetOf(server: string, token: string, from: string): UploadTarget {
  const address = URL.canParse(server) ? new URL(server) : undefined;
  if (address?.protocol !== 'http:' && address?.protocol !== 'https:')
    throw wrongUse(`The server in ${from} is no web address; it looks like https://dispatch.example.org`);
  if (!/^[\x21-\x7e]+$/.test(token.trim()))
    throw wrongUse(`The token in ${from} holds a space, a line break or another character that no token has.`);
  return { server: server.trim().replace(/\/+$/, ''), token: token.trim() };
}
