// Reply documents, byte for byte as recorded (reference 1.4 and 1.5).
import { ServiceFault, SessionInvalid } from '../faults.js';
import { EMULATED_VERSION } from '../services/server-services.js';
import { el, writeXml, XmlFault } from '../xml/element.js';
const DECLARATION = '<?xml version="1.0" encoding="UTF-8" ?>\n';
export const resultDocument = (result)=>DECLARATION + writeXml(el('response', [
        el('reply', [
            el('result', result)
        ], {
            type: 'result'
        })
    ]));
const SERVICE_ERROR = 'arc.mf.server.Services$ExServiceError';
/**
 * `message` stands before `cause`: clients take the first. The session error is one bare message.
 *
 * @param context lines that say where it happened; a refused logon has none (reference 12)
 */ export function errorDocument(error, context) {
    if (error instanceof SessionInvalid) return replyOf(errorParts('emulator.SessionInvalid', [
        'java.lang.Throwable'
    ], error.message, ''));
    if (!(error instanceof ServiceFault) && !(error instanceof XmlFault)) throw error;
    const message = context === undefined ? error.message : `${error.message}\n${context}`;
    const stack = context === undefined ? '' : `${SERVICE_ERROR}: ${error.message}\n\tat emulator`;
    const parts = errorParts(SERVICE_ERROR, [
        'java.lang.Throwable'
    ], message, stack);
    if (error instanceof ServiceFault && error.cause_.className !== SERVICE_ERROR) {
        const bare = error.message.replace(CALL_PREFIXES, '');
        parts.push(el('cause', errorParts(error.cause_.className, error.cause_.superclasses, bare, '')));
    }
    return replyOf(parts);
}
/** What a message gains on its way out through the services. */ const CALL_PREFIXES = /^(?:call to service '[^']*' failed: (?:error executing service \[idx=\d+\] \S+: )?)+/;
const replyOf = (parts)=>DECLARATION + writeXml(el('response', [
        el('reply', [
            el('server', [
                el('version', EMULATED_VERSION)
            ]),
            ...parts
        ], {
            type: 'error'
        })
    ]));
const errorParts = (className, superclasses, message, stack)=>[
        el('error', className),
        ...superclasses.map((name)=>el('sclass', name)),
        el('message', message),
        el('stack', stack)
    ];

//# sourceMappingURL=replies.js.map
