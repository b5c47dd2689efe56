// What a seal is made of: SHA-256 over the former seal's hash and the entry's fields, written so that no two lists of
// fields look alike. docs/event-chains.md states it for those who verify with a program of their own.
import { createHash } from 'node:crypto';
const FORM = 'instrument-dispatch/chain/1';
/** The hash before the first: 32 bytes of zero, in hexadecimal digits. */ export const CHAIN_START = '0'.repeat(64);
/** The seal's hash, 64 hexadecimal digits. */ export function sealHash(content) {
    const { chain, sequence, kind, entryId, previous, sealedAt, fields } = content;
    const parts = [
        FORM,
        chain,
        String(sequence),
        kind,
        entryId,
        previous,
        sealedAt,
        ...fields ?? []
    ];
    return createHash('sha256').update(parts.map(netstring).join('')).digest('hex');
}
/** `5:hello,` with the length in bytes of UTF-8; `-,` for null. */ const netstring = (text)=>text === null ? '-,' : `${Buffer.byteLength(text, 'utf8')}:${text},`;

//# sourceMappingURL=seal-hash.js.map
