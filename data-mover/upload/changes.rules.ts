// What the command asks for now against what the upload has: the same command goes on, another one changes the upload
// until it is complete, and is told what can no longer be changed afterwards.

export interface Wishes {
  recipients: readonly string[];
  keywords: readonly string[];
  note: string | null;
}

export interface Changes {
  recipients?: string[];
  keywords?: string[];
  note?: string | null;
}

/**
 * Undefined: it is as it was asked for. Neither the order of people and words nor the case of an address matters.
 * @param addedKeywords those that the server added of its own accord; they stay
 */
export function changesOf(asked: Wishes, held: Wishes, addedKeywords: readonly string[]): Changes | undefined {
  const keywords = [...new Set([...asked.keywords.map((word) => word.trim()), ...addedKeywords])];
  const changes: Changes = {
    ...(isSame(keysOf(asked.recipients), keysOf(held.recipients)) ? {} : { recipients: [...asked.recipients] }),
    ...(isSame(new Set(keywords), new Set(held.keywords)) ? {} : { keywords }),
    ...(asked.note === held.note ? {} : { note: asked.note }),
  };
  return Object.keys(changes).length === 0 ? undefined : changes;
}

/** Of the people who are asked for, those who are not among `told`. */
export function untold(asked: readonly string[], told: readonly string[]): string[] {
  const known = keysOf(told);
  return asked.filter((address) => !known.has(keyOf(address)));
}

export const namesOf = (changes: Changes): string => Object.keys(changes).join(', ');

const keysOf = (addresses: readonly string[]): Set<string> => new Set(addresses.map(keyOf));

/** The server takes addresses that differ in no more than this for one person's. */
function keyOf(address: string): string {
  const text = address.trim();
  const at = text.lastIndexOf('@');
  const host = `http://${text.slice(at + 1)}/`;
  return `${text.slice(0, at)}@${URL.canParse(host) ? new URL(host).hostname : text.slice(at + 1)}`.toLowerCase();
}

const isSame = (left: ReadonlySet<string>, right: ReadonlySet<string>): boolean =>
  left.size === right.size && [...left].every((one) => right.has(one));
