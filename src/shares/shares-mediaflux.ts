// What shares need of Mediaflux. The gateway satisfies it out of attested parts (roles, access lists, identity tokens);
// a site whose server documents `asset.shareable.*` can provide another.

export interface ScopedToken {
  /** Mediaflux's own id of the token, to destroy it by. */
  tokenId: string;
  token: string;
  expiresAt: Date;
}

export abstract class SharesMediaflux {
  /** A token that reaches one namespace only; a further one for the same share each time. */
  abstract issueScopedToken(request: {
    shareId: string;
    kind: 'upload' | 'download';
    namespace: string;
    until: Date;
  }): Promise<ScopedToken>;

  /** A link that streams the namespace as a zip: `maxUses` starts at most, none after `until`. */
  abstract issueZipLink(request: {
    shareId: string;
    dataNamespace: string;
    filename: string;
    until: Date;
    maxUses: number;
  }): Promise<{ tokenId: string; url: string }>;

  /** Destroying what is gone already is no error. */
  abstract destroyToken(tokenId: string): Promise<void>;

  /** Takes the share's rights away and leaves everybody else's as they were before it. */
  abstract endShare(request: { shareId: string; namespace: string }): Promise<void>;
}

/** Where clients reach Mediaflux. */
export abstract class MediafluxAddress {
  abstract readonly url: string;
}
