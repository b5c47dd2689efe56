// The keys of SECRET_KEY. The first makes new links and seals; all are recognised, so that keys can be changed while
// old links live. Nothing here ever leaves the process or reaches a log.

import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

export interface SecretKey {
  /** Names the key without telling anything of it: the first 8 hexadecimal digits of its SHA-256. */
  id: string;
  bytes: Buffer;
}

/** SQL: was `sealed` sealed with one of the keys whose ids are in the parameter `keyIds`? */
export const sealedWith = (sealed: string, keyIds: string): string =>
  `encode(substring(${sealed} from 1 for 4), 'hex') = any(${keyIds}::text[])`;

/** A sealed secret that no key held here opens, or that is not what was sealed. */
export class CannotUnseal extends Error {}

export class SecretKeys {
  private readonly keys: SecretKey[];

  constructor(keys: readonly Buffer[]) {
    this.keys = keys.map((bytes) => ({ id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes }));
  }

  get current(): SecretKey {
    const key = this.keys[0];
    if (!key) throw new Error('SECRET_KEY holds no key.');
    return key;
  }

  get ids(): string[] {
    return this.keys.map((key) => key.id);
  }

  byId(id: string): SecretKey | undefined {
    return this.keys.find((key) => key.id === id);
  }

  /** HMAC-SHA-256 of `text` under the key, in 43 characters that are safe in a URL. */
  derive(key: SecretKey, text: string): string {
    return createHmac('sha256', key.bytes).update(text).digest('base64url');
  }

  /**
   * What `text` is counted as where tries are limited: a hash that nobody can guess without the key.
   * @param key the present one, unless what was counted under a former one is asked for
   */
  countedAs(text: string, key: SecretKey = this.current): string {
    return createHmac('sha256', countingKey(key)).update(text).digest('base64url');
  }

  /** Every key, the present one first. */
  get all(): readonly SecretKey[] {
    return this.keys;
  }

  /** AES-256-GCM of a secret that must be used later. `about` is bound to it: it opens for nothing else. */
  seal(plain: string, about: string): Buffer {
    const key = this.current;
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', sealingKey(key), iv);
    cipher.setAAD(Buffer.from(about));
    const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.from(key.id, 'hex'), iv, cipher.getAuthTag(), sealed]);
  }

  /** @throws CannotUnseal sealed with a key that is not known here, for something else, or changed since */
  unseal(sealed: Buffer, about: string): string {
    const key = this.byId(sealed.subarray(0, 4).toString('hex'));
    if (!key)
      throw new CannotUnseal(
        'A sealed secret needs a key that SECRET_KEY does not hold here; add the former key to it.',
      );
    try {
      const decipher = createDecipheriv('aes-256-gcm', sealingKey(key), sealed.subarray(4, 16));
      decipher.setAAD(Buffer.from(about));
      decipher.setAuthTag(sealed.subarray(16, 32));
      return Buffer.concat([decipher.update(sealed.subarray(32)), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new CannotUnseal('A sealed secret is for something else, or was changed since.', { cause });
    }
  }
}

const countingKey = (key: SecretKey): Buffer => Buffer.from(hkdfSync('sha256', key.bytes, '', 'counted tries', 32));
const sealingKey = (key: SecretKey): Buffer => Buffer.from(hkdfSync('sha256', key.bytes, '', 'sealed secrets', 32));
