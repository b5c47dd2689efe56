// `settings.xml`, and where a link or token leads.

import { readFileSync } from 'node:fs';
import { isMediafluxError, readXml, textAt } from '../src/mediaflux/protocol/index.js';
import { wrongUse } from './failures.js';

export interface UploadTarget {
  server: string;
  token: string;
}

/** @throws Failure it cannot be read or is not of our format */
export function readSettings(file: string): UploadTarget {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw wrongUse(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`);
  }
  try {
    const root = readXml(text);
    const server = textAt(root, 'server')?.trim().replace(/\/+$/, '');
    const token = textAt(root, 'token')?.trim();
    if (
      root.name !== 'instrument-dispatch' ||
      root.attributes['version'] !== '1' ||
      !server ||
      !token ||
      !URL.canParse(server)
    ) {
      throw wrongUse(
        `${file} is not a settings.xml of this program (instrument-dispatch, version 1, with server and token).`,
      );
    }
    return { server, token };
  } catch (error) {
    if (isMediafluxError(error)) throw wrongUse(`${file} is not well-formed XML.`);
    throw error;
  }
}

/** The server and token of a link, or of a token alone with its server. @throws Failure neither */
export function linkTarget(linkOrToken: string, url: string | undefined): UploadTarget {
  const match = /^(https?:\/\/.+?)\/s\/([\w-]+)(?:[/?#].*)?$/.exec(linkOrToken);
  if (match?.[1] !== undefined && match[2] !== undefined) return { server: match[1], token: match[2] };
  if (!/^[\w-]+$/.test(linkOrToken)) throw wrongUse('Give the link from the mail, or its token with --url.');
  // Mails say the server's name alone: mail gateways rewrite what looks like a link.
  const address = url === undefined || /^https?:\/\//.test(url) ? url : `https://${url}`;
  if (address === undefined || !URL.canParse(address))
    throw wrongUse('A token alone needs the server: --url https://dispatch.example.org');
  return { server: address.replace(/\/+$/, ''), token: linkOrToken };
}
