// HTTP through a proxy: a tunnel for https (RFC 9110 9.3.6), requests with the whole address for http.

import { type Agent, type Dispatcher, Pool, ProxyAgent } from 'undici';
import { Transport, type TransportLimits } from '../../src/mediaflux/protocol/index.js';
import { Failure } from '../failures.js';
import type { Proxy } from './proxies.js';

const CONNECT_TIMEOUT_MS = 30_000;

/** The proxy opens no tunnel. */
export class ProxyRefused extends Failure {
  /** It tried, and could not reach the server, or is not well itself: that may pass. */
  readonly isPassing: boolean;

  constructor(proxy: Proxy, target: string, status: number) {
    super(refusal(proxy, target, status));
    this.isPassing = status >= 500;
  }
}

/** @param options of a direct connection; those of its socket are none of a tunnel's */
export function throughProxy(proxy: Proxy, options: Agent.Options): Dispatcher {
  const { connections, headersTimeout, bodyTimeout, keepAliveTimeout, pipelining } = options;
  const given = { connections, headersTimeout, bodyTimeout, keepAliveTimeout, pipelining };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Pool.Options;
  return new ProxyAgent({
    ...set,
    uri: proxy.address,
    ...(proxy.authorization === undefined ? {} : { token: proxy.authorization }),
    proxyTunnel: false,
    factory: (origin, usual) => new Pool(origin, { ...set, ...usual }),
    clientFactory: (origin, usual) => new Tunnels(proxy, origin, usual),
  });
}

/** To a Mediaflux that may be reached through a proxy. */
export const transportTo = (url: string, limits: Partial<TransportLimits>, proxy: Proxy | undefined): Transport =>
  proxy === undefined
    ? new Transport(url, limits)
    : new Transport(url, limits, (options) => throughProxy(proxy, options));

/** Tells why the proxy opens none. */
class Tunnels extends Pool {
  constructor(
    private readonly proxy: Proxy,
    origin: URL | string,
    options: Pool.Options,
  ) {
    super(origin, { ...options, headersTimeout: CONNECT_TIMEOUT_MS });
  }

  override connect(options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData>;
  override connect(
    options: Dispatcher.ConnectOptions,
    callback: (error: Error | null, data: Dispatcher.ConnectData) => void,
  ): void;
  override connect(options: Dispatcher.ConnectOptions, callback?: unknown): unknown {
    if (callback !== undefined) return super.connect(options, callback as Parameters<Pool['connect']>[1]);
    return super.connect(options).then((opened) => {
      if (opened.statusCode === 200) return opened;
      opened.socket.on('error', () => undefined).destroy();
      throw new ProxyRefused(this.proxy, options.path ?? '', opened.statusCode);
    });
  }
}

/** HTTP client's own words for a proxy that wants a logon, where it asks for http itself. */
const WANTS_LOGON = 'Proxy Authentication Required (407)';

/** What a failed request says of the proxy, if it does. */
export const refusedBy = (proxy: Proxy | undefined, error: unknown, url: string): ProxyRefused | undefined =>
  proxy !== undefined && error instanceof Error && error.message === WANTS_LOGON
    ? new ProxyRefused(proxy, new URL(url).host, 407)
    : undefined;

/** For whoever has to find out what stands in the way. */
export const wayOf = (proxy: Proxy | undefined): string =>
  proxy === undefined ? '' : ` It is asked through the proxy ${proxy.address}, as ${proxy.setting} says.`;

function refusal({ address, setting, authorization }: Proxy, target: string, status: number): string {
  const [host] = target.split(':');
  if (status === 407)
    return authorization === undefined
      ? `The proxy ${address} wants a user and a password (407): write them into ${setting}, as in http://user:password@proxy.example.org:8080, or ask the network's administrators to let this computer through without.`
      : `The proxy ${address} does not take the user and password that ${setting} holds (407). Are they right? A character such as @ or : in them is written as its code, %40 or %3A.`;
  if (status >= 500) return `The proxy ${address}, which ${setting} names, cannot connect to ${target} (${status}).`;
  return `The proxy ${address}, which ${setting} names, does not let this computer connect to ${target} (${status}). Ask the network's administrators to let it; if ${host ?? target} is reached without the proxy, name it in NO_PROXY.`;
}
