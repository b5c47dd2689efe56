// Where mail servers report that a mail did not arrive: an address of its own for each mail (VERP), so that a report
// names the mail whatever else it says. The token is the mail's id and an HMAC of it: nobody can make one up.
// Off unless BOUNCE_ADDRESS is set; reports then go to MAIL_FROM, and are matched by the Message-ID they quote.

import { timingSafeEqual } from 'node:crypto';
import type { SecretKeys } from '../auth/index.js';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_LETTERS = 26;
/** 80 bits. */
const MAC_LETTERS = 16;
const TOKEN = new RegExp(`\\+([a-z2-7]{${ID_LETTERS + MAC_LETTERS}})@`, 'i');
const MAC_BYTES = 10;

export class ReturnAddresses {
  constructor(
    /** `local@domain`; undefined: off. */
    private readonly base: string | undefined,
    private readonly keys: SecretKeys,
  ) {}

  /** `local+token@domain`, or undefined when this is off. Letters in lower case only: some servers change case. */
  of(mailId: string): string | undefined {
    if (this.base === undefined) return undefined;
    const at = this.base.lastIndexOf('@');
    const id = Buffer.from(mailId.replaceAll('-', ''), 'hex');
    const token = base32(id) + base32(this.mac(mailId, this.keys.current.id));
    return `${this.base.slice(0, at)}+${token}${this.base.slice(at)}`;
  }

  /** The mail that the address was made for, `forged` when it only looks so; undefined for any other address. */
  mailOf(address: string): { mailId: string } | { forged: true } | undefined {
    const token = TOKEN.exec(address)?.[1]?.toLowerCase();
    if (token === undefined) return undefined;
    const hex = fromBase32(token.slice(0, ID_LETTERS)).subarray(0, 16).toString('hex');
    const mailId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    const mac = fromBase32(token.slice(ID_LETTERS));
    return this.keys.ids.some((keyId) => timingSafeEqual(this.mac(mailId, keyId), mac)) ? { mailId } : { forged: true };
  }

  private mac(mailId: string, keyId: string): Buffer {
    const key = this.keys.byId(keyId);
    if (!key) throw new Error('A key of SECRET_KEY vanished.');
    return Buffer.from(this.keys.derive(key, `bounce:${mailId}`), 'base64url').subarray(0, MAC_BYTES);
  }
}

function base32(bytes: Buffer): string {
  let [bits, text] = ['', ''];
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  for (let at = 0; at < bits.length; at += 5)
    text += ALPHABET.charAt(Number.parseInt(bits.slice(at, at + 5).padEnd(5, '0'), 2));
  return text;
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
