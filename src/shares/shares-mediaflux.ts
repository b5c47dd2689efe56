// What shares need of Mediaflux. The gateway satisfies it out of attested parts (roles, access lists, identity tokens);
// a site whose server documents `asset.shareable.*` can provide another.

export interface ScopedToken {
  /** Mediaflux's own id of the token, to destroy it by. */
  tokenId: string;
  token: string;
  expiresAt: Date;
}

/** One entry of an access list, as in `role`, `project:staff`, `['namespace:access', 'asset:access']`. */
export interface AccessEntry {
  actorType: string;
  actorName: string;
  access: string[];
}

/** Told what is about to be copied into a namespace's list, before it is: entries that the first of its own shuts out. */
export type OnCopy = (entries: readonly AccessEntry[]) => Promise<void>;

export abstract class SharesMediaflux {
  /** A token that reaches one namespace only; a further one for the same share each time. */
  abstract issueScopedToken(request: {
    shareId: string;
    /** Marks the token, so that `destroyTokensOf` finds it. */
    credentialId: string;
    kind: 'upload' | 'download';
    namespace: string;
    until: Date;
    onCopy: OnCopy;
  }): Promise<ScopedToken>;

  /** A link that streams the namespace as a zip: `maxUses` starts at most, none after `until`. */
  abstract issueZipLink(request: {
    shareId: string;
    credentialId: string;
    dataNamespace: string;
    filename: string;
    until: Date;
    maxUses: number;
    onCopy: OnCopy;
  }): Promise<{ tokenId: string; url: string }>;

  /** Destroying what is gone already is no error. */
  abstract destroyToken(tokenId: string): Promise<void>;

  /** Destroys tokens whose ids were never told. Answers how many there were; what cannot be found ends by itself. */
  abstract destroyTokensOf(credentialIds: readonly string[]): Promise<number>;

  /**
   * Takes the share's rights away and, with the last share of the namespace, what was copied when the first began;
   * everybody else's rights are as they would be without it. True when nothing of it is left there.
   * @param request.copied what `onCopy` was told; undefined when there is no record of it
   */
  abstract endShare(request: {
    shareId: string;
    namespace: string;
    copied: readonly AccessEntry[] | undefined;
  }): Promise<boolean>;

  // A trial's folder: made below a platform's namespace, and destroyed with all in it.

  abstract openTrialFolder(namespace: string): Promise<void>;

  abstract destroyTrialFolder(namespace: string): Promise<void>;

  /** May the service work in this namespace? Plain words if not. */
  abstract checkPlatformNamespace(namespace: string): Promise<{ problem: null } | { problem: string; detail: string }>;
}

/** Where clients reach Mediaflux. */
export abstract class MediafluxAddress {
  abstract readonly url: string;
}
