// Random tokens: 256 bits, in letters, digits, `-` and `_`. Only their SHA-256 is kept.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
export const newToken = ()=>randomBytes(32).toString('base64url');
export const tokenHash = (token)=>createHash('sha256').update(token).digest();
/** Compares two secrets in a time that tells nothing of them. */ export const isSameSecret = (left, right)=>timingSafeEqual(tokenHash(left), tokenHash(right));

//# sourceMappingURL=token.js.map
