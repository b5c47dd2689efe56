// One logon for any number of calls at once, and who waits for it.

import { MediafluxError, type MediafluxErrorKind, onEnd, textAt, xml, type XmlElement } from '../protocol/index.js';
import type { Account, Credentials } from './account.js';
import type { Secrets } from './secrets.js';

/** Errors of a logon that say nothing of the credentials: the next call tries again. */
const PASSING: readonly MediafluxErrorKind[] = ['busy', 'store-full', 'unreachable', 'malformed-reply'];

export class Logon {
  private opening: Promise<string> | undefined;
  private opened: string | undefined;

  /** @param send one `system.logon` with these arguments, answered by its `result` */
  constructor(
    private readonly credentials: Credentials,
    private readonly account: Account,
    private readonly secrets: Secrets,
    private readonly send: (args: readonly XmlElement[]) => Promise<XmlElement>,
  ) {}

  /** @throws MediafluxError not-authenticated: the account was refused, or its logons pause */
  mayLogOn(): void {
    this.account.mayLogOn();
  }

  /**
   * The key of the session that stands, or of a new one that all who ask meanwhile wait for. `ends` end the wait of this
   * caller only.
   * @throws MediafluxError not-authenticated; and the reason of an ending signal
   */
  async key(ends: readonly AbortSignal[]): Promise<string> {
    this.account.mayLogOn();
    if (this.opened !== undefined) return this.opened;
    if (!this.opening) {
      const opening = this.open();
      this.opening = opening;
      opening.then(
        (key) => {
          if (this.opening === opening) this.opened = key;
        },
        () => {
          if (this.opening === opening) this.opening = undefined;
        },
      );
    }
    return orEnd(this.opening, ends);
  }

  /** The first of many calls that find the session over says so; the others find the next one. */
  isOver(key: string): void {
    if (this.opened !== key) return;
    this.opened = undefined;
    this.opening = undefined;
  }

  /** The key, if there is one by the time `end` is reached; nobody gets it any more. */
  async giveUp(end: AbortSignal): Promise<string | undefined> {
    const { opening } = this;
    this.opened = undefined;
    this.opening = undefined;
    // A logon that failed gave no key; whoever asked for it has been told.
    return opening && orEnd(opening, [end]).catch(() => undefined);
  }

  /**
   * `system.logon`: `<domain/><user/><password/>` or `<token/>`.
   *
   * Reply  `<session id="12" timeout="1800" wallet="true">KEY</session>` among others; a refused one has no key, or is an
   * error whose words are not known. @see docs/reference/mediaflux-protocol.md 2.1
   */
  private async open(): Promise<string> {
    const { credentials } = this;
    const args =
      'token' in credentials
        ? [xml('token', credentials.token)]
        : [xml('domain', credentials.domain), xml('user', credentials.user), xml('password', credentials.password)];
    try {
      const key = textAt(await this.send(args), 'session')?.trim() ?? '';
      if (key === '') throw new MediafluxError('service-error', 'The answer to a logon holds no session.');
      this.secrets.addKey(key);
      this.account.accepted();
      return key;
    } catch (error) {
      if (!(error instanceof MediafluxError) || PASSING.includes(error.kind)) throw error;
      throw error.kind === 'not-authenticated' ? this.account.refused(error) : this.account.failed(error);
    }
  }
}

/** What comes, or the reason of the first signal that ends the wait for it. */
function orEnd<T>(coming: Promise<T>, ends: readonly AbortSignal[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const stopLooking = onEnd(ends, reject);
    coming.then(resolve, reject).finally(stopLooking);
  });
}
