// Asks Mediaflux whether a platform's namespace will do, and says plainly what is wrong if not.

import { Inject, Injectable } from '@nestjs/common';
import { InvalidFields, Unavailable } from '../http/index.js';
import { MediafluxError, MediafluxGateway } from '../mediaflux/index.js';

@Injectable()
export class NamespaceCheck {
  constructor(@Inject(MediafluxGateway) private readonly mediaflux: MediafluxGateway) {}

  /**
   * @throws InvalidFields the project or namespace is missing, or the service account may not write there
   * @throws Unavailable Mediaflux cannot be asked now
   */
  async run(namespace: string): Promise<void> {
    const answer = await this.mediaflux.checkPlatformNamespace(namespace).catch((error: unknown) => {
      if (error instanceof MediafluxError) throw whileAway(error);
      throw error;
    });
    if (answer.problem !== null) throw new InvalidFields([{ path: 'namespace', message: answer.detail }]);
  }
}

/** What a caller is told when Mediaflux could not do what was asked. */
export function whileAway(error: MediafluxError): Unavailable {
  return new Unavailable(WORDS[error.kind] ?? REFUSED, 10, { cause: error });
}

const AWAY = 'Mediaflux cannot be reached or is busy; try again in a moment.';
const WORDS: Partial<Record<MediafluxError['kind'], string>> = {
  unreachable: AWAY,
  busy: AWAY,
  'session-expired': AWAY,
  'not-authenticated': 'Mediaflux refuses the account of this service; an administrator must mend its settings.',
  'store-full': 'Mediaflux has no room left for this platform; its staff must make some.',
};
const REFUSED =
  'Mediaflux did not do what this needs. Try again in a moment; if it stays so, an administrator finds the reason in the log of the service.';
