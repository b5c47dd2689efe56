// Which HTTP proxy an address is reached through, by the environment variables that other programs follow too:
// HTTPS_PROXY for https, HTTP_PROXY for http, and NO_PROXY for those that are reached directly, each in lower case first.

import { BlockList, isIP } from 'node:net';
import { wrongUse } from '../failures.js';

export interface Proxy {
  /** Without user and password: as it may be told. */
  address: string;
  /** Value of `Proxy-Authorization`, where the setting names a user. */
  authorization?: string;
  /** The variable that names it. */
  setting: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Undefined: it is reached directly, as this computer itself always is. @throws Failure the variable names no HTTP proxy */
export function proxyFor(url: string, env: Environment): Proxy | undefined {
  const target = new URL(url);
  const setting = settingOf(target, env);
  if (setting === undefined || isDirect(target, env)) return undefined;
  return proxyOf(setting, env[setting]?.trim() ?? '');
}

/** One that is set to nothing switches off what the other says. */
function settingOf({ protocol }: URL, env: Environment): string | undefined {
  const lower = protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const setting = [lower, lower.toUpperCase()].find((name) => env[name] !== undefined);
  return setting === undefined || env[setting]?.trim() === '' ? undefined : setting;
}

/** The value may hold a password: nothing of it is told. */
function proxyOf(setting: string, value: string): Proxy {
  const text = value.includes('://') ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.hostname === undefined || !['http:', 'https:'].includes(url.protocol))
    throw wrongUse(`${setting} names no HTTP proxy; it looks like http://proxy.example.org:8080`);
  const authorization = url.username === '' ? undefined : authorizationOf(setting, url);
  return { address: url.origin, setting, ...(authorization === undefined ? {} : { authorization }) };
}

function authorizationOf(setting: string, { username, password }: URL): string {
  try {
    const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(user).toString('base64')}`;
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw wrongUse(`${setting} holds a % in user or password that is no code; write it as %25`);
  }
}

function isDirect(target: URL, env: Environment): boolean {
  const host = target.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))) return true;
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  const list = env['no_proxy'] ?? env['NO_PROXY'] ?? '';
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && isMeant(entry, host, port));
}

/** By an entry of NO_PROXY: a name with all below it, an address, a net as in `10.0.0.0/8`; with a port or without. */
function isMeant(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const [, net = '', bits = ''] = /^([\d.:a-f]+)\/(\d+)$/.exec(entry) ?? [];
  if (isIP(net) !== 0) return isIP(host) === isIP(net) && isInNet(host, net, Number(bits));
  const bare = isIP(entry) === 0 ? /^\[?([^\]]+?)\]?(?::(\d+))?$/.exec(entry) : [entry, entry];
  const [, name = '', onlyPort] = bare ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const domain = name.replace(/^\*?\./, '');
  return domain !== '' && (host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`)));
}

function isInNet(host: string, net: string, bits: number): boolean {
  const family = isIP(net) === 6 ? 'ipv6' : 'ipv4';
  if (bits > (family === 'ipv6' ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(net, bits, family);
  return list.check(host, family);
}
