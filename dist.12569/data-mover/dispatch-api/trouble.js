// What it means that a call to the dispatch server failed: that the server is away, which passes and is waited for, or
// that something has to be put right, which no waiting does.
import { Failure } from '../failures.js';
/** Of networks and of servers that are started anew. */ const PASSING = new Set([
    ...[
        'EAI_AGAIN',
        'ENOTFOUND',
        'EADDRNOTAVAIL',
        'ECONNABORTED',
        'ECONNREFUSED',
        'ECONNRESET',
        'EPIPE',
        'ETIMEDOUT'
    ],
    ...[
        'EHOSTDOWN',
        'EHOSTUNREACH',
        'ENETDOWN',
        'ENETRESET',
        'ENETUNREACH',
        'ERR_STREAM_PREMATURE_CLOSE'
    ],
    ...[
        'CONNECT_TIMEOUT',
        'HEADERS_TIMEOUT',
        'BODY_TIMEOUT',
        'SOCKET',
        'CLOSED',
        'DESTROYED'
    ].map((name)=>`UND_ERR_${name}`),
    'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'
]);
const OF_CERTIFICATES = /^(?:CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|ERR_TLS_CERT_)/;
const OF_TLS = /^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/;
/** Codes of certificates that do not hold, and of what speaks no TLS: waiting does not mend them. */ export const isPermanent = (code)=>OF_CERTIFICATES.test(code) || OF_TLS.test(code);
/** Why the server is away; a Failure: what has to be put right; undefined: it is no trouble of the connection. */ export function connectionTrouble(error, server) {
    const { code, name } = error ?? {};
    if (name === 'HTTPParserError') return notOurs(server, 'in no HTTP');
    if (typeof code !== 'string') return undefined;
    if (PASSING.has(code)) {
        const advice = code === 'ENOTFOUND' ? ' Is its name right, and is this computer connected?' : '';
        return {
            away: `The server ${server} cannot be reached (${code}).${advice}`
        };
    }
    if (OF_CERTIFICATES.test(code)) return new Failure(`This computer does not trust the certificate of ${server} (${code}). If the site signs its own, set NODE_EXTRA_CA_CERTS to the file with its CA; otherwise tell the network's administrators.`);
    if (OF_TLS.test(code)) return new Failure(`What answers at ${server} speaks no TLS that this computer knows (${code}). Is https right there, or is it http?`);
    return undefined;
}
/** It answers, and is not the dispatch server. @param how as in `with text/html` */ export const notOurs = (server, how)=>new Failure(`What answers at ${server} is not the dispatch server: it answered ${how}. Is the address right? A proxy or a logon page of the network may stand in between: open ${server} in a browser, and run the same command again.`);

//# sourceMappingURL=trouble.js.map
