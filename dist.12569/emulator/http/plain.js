// Answers that are no service replies.
import { ServiceFault, SessionInvalid } from '../faults.js';
/** A status and a sentence. */ export function plain(response, status, text) {
    const body = Buffer.from(`${text}\n`);
    response.writeHead(status, {
        'content-type': 'text/plain; charset=utf-8',
        'content-length': body.length
    });
    response.end(body);
}
/** What went wrong as a status with its sentence; an answer that has begun is broken off. */ export function refuse(error, response) {
    if (response.headersSent) response.destroy();
    else if (error instanceof SessionInvalid) plain(response, 401, error.message);
    else if (error instanceof ServiceFault) plain(response, /does not exist/.test(error.message) ? 404 : 403, error.message);
    else throw error;
}
/** `content-disposition` for a download of that name. */ export function disposition(filename) {
    const ascii = filename.replace(/[^\x20-\x7e]|["\\]/g, '_');
    return `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(filename).replace(/['()*]/g, escapeByte)}`;
}
const escapeByte = (character)=>`%${character.charCodeAt(0).toString(16).toUpperCase()}`;

//# sourceMappingURL=plain.js.map
