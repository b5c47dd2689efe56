// Who may call. Features that know tokens register how to look one up; `auth` itself knows no feature.

import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Who a route is for; see `@Caller`. */
export type CallerKind = 'anyone' | 'admin' | 'shareable' | 'link' | 'link-opened' | 'link-or-expired' | 'unsubscribe';

export interface ShareableIdentity {
  shareableId: string;
  platformId: string;
  /** Of the token that was sent: a shareable may have several for a while. */
  tokenSha256: Buffer;
  /** It may start nothing more; what it began may finish for a while. */
  state: 'active' | 'finishing';
}

export interface MoreTime {
  /** When somebody asked, if it is not decided yet. */
  askedAt: Date | null;
  /** The platform's, to tell the moment in. */
  timeZone: string;
}

export interface LinkIdentity {
  deliveryId: string;
  /** Of a link that stops the reminders of all that one mail names: the other deliveries. */
  others: readonly string[];
  platformId: string;
  purpose: 'share' | 'unsubscribe';
  /** `replaced`: it expired, and a newer link was made for the same delivery. */
  state: 'live' | 'revoked' | 'gone' | 'expired' | 'replaced';
  /** When it expires, or did; null until its mail is handed over. */
  expiresAt: Date | null;
  /** Set where more time can be asked for. */
  moreTime: MoreTime | null;
  contact: { name: string; email: string };
  /** Chosen by, or for, the person; and the platform's. */
  languages: { person: string | null; platform: string };
}

export type ShareableResolver = (token: string) => Promise<ShareableIdentity | undefined>;
export type LinkResolver = (token: string) => Promise<LinkIdentity | undefined>;
/** Looks a link up and, where it lives, opens its page in the same statement. */
export type LinkOpener = (token: string, request: FastifyRequest) => Promise<LinkIdentity | undefined>;

@Injectable()
export class CallerResolvers {
  private shareable: ShareableResolver | undefined;
  private link: LinkResolver | undefined;
  private opener: LinkOpener | undefined;

  registerShareable(resolver: ShareableResolver): void {
    this.shareable = resolver;
  }

  registerLink(resolver: LinkResolver): void {
    this.link = resolver;
  }

  registerLinkOpener(opener: LinkOpener): void {
    this.opener = opener;
  }

  ofShareable(token: string): Promise<ShareableIdentity | undefined> {
    if (!this.shareable) throw new Error('Nothing is registered that looks up upload shareables.');
    return this.shareable(token);
  }

  ofLink(token: string): Promise<LinkIdentity | undefined> {
    if (!this.link) throw new Error('Nothing is registered that looks up links.');
    return this.link(token);
  }

  openLink(token: string, request: FastifyRequest): Promise<LinkIdentity | undefined> {
    if (!this.opener) throw new Error('Nothing is registered that opens links.');
    return this.opener(token, request);
  }
}
