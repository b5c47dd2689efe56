// The `Context:` block of an error message (reference 1.5): what ran, newest first, then the HTTP request, then the
// connection. Arguments are written as the command line has them: `:name -attribute "value"  "value"`, nested ones
// between `<` and `>`.
import { dateText, humanSize } from '../formats.js';
export function contextLines(frames, caller, now) {
    const headers = caller.headers.map(([name, value])=>`${name}=${value}`).join(', ');
    const [received, sent] = [
        caller.bytesReceived,
        caller.bytesSent
    ].map((count)=>`${count} [${humanSize(count)}]`);
    const lines = [
        ...frames.map((frame)=>`${moment(frame.startedAt, now)}: service: ${serviceText(frame)}`),
        `${moment(caller.requestedAt, now)}: http: from: /${caller.address}, request: ${caller.path} vars:  select headers: [${headers}]`,
        `${moment(caller.connectedAt, now)}: network: ctime=${exactDate(caller.connectedAt)}, origin=/${caller.address}, received=${received}, sent=${sent}`
    ];
    return `Context:\n   ${lines.join('\n  called by: ')}`;
}
const exactDate = (time)=>`${dateText(time)}.${String(time % 1_000).padStart(3, '0')}`;
const moment = (time, now)=>`${exactDate(time)} [${Math.max(0, now - time) / 1_000} sec(s) ago]`;
const LONGEST_ARGUMENTS = 4_000;
function serviceText({ service, args, actor, sessionId }) {
    const who = actor === undefined ? '' : `${actor}${sessionId === undefined ? '' : ` [sid=${sessionId}]`}: `;
    let text = '';
    for (const argument of args.children){
        text += ` ${argumentText(argument, false)}`;
        if (text.length > LONGEST_ARGUMENTS) return `${who}${service}${text.slice(0, LONGEST_ARGUMENTS)} ...`;
    }
    return `${who}${service}${text}`;
}
const MASK = '******';
const SECRET = /^(?:password|token|secret|session|sid)$/i;
/** What numbers a metadata document and declares its prefix is no value of it. */ const NO_VALUE = /^(?:id|xmlns(?::.*)?)$/i;
/** Values of metadata are masked, and so is what opens a session. */ function argumentText(element, isMetadata) {
    const isMasked = isMetadata || SECRET.test(element.name);
    let text = `:${element.name}`;
    for (const [name, value] of Object.entries(element.attributes))text += ` -${name} "${isMetadata && !NO_VALUE.test(name) || SECRET.test(name) ? MASK : value}"`;
    if (element.children.length === 0) return `${text}  "${isMasked ? MASK : element.text}"`;
    const inner = element.children.map((one)=>argumentText(one, isMasked || element.name === 'meta'));
    return `${text} < ${inner.join(' ')} >`;
}

//# sourceMappingURL=error-context.js.map
