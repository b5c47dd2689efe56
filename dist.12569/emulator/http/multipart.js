// multipart/form-data as it streams in (reference 4): the request, the number of attachments, and then the contents,
// each written to its place while it arrives. A part without a file name loses its bytes, as on the real server. One
// client counts characters where it says how many bytes it sends, so that its body ends before its closing delimiter
// does: as much of that as names the boundary is taken for the whole.
import { BodyFault, LONGEST_REQUEST } from './inputs.js';
const LONGEST_HEAD = 64 * 1024;
export const boundaryOf = (contentType)=>/boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType)?.slice(1).find((text)=>text !== undefined);
/**
 * Answers whether the body held its closing delimiter whole; the rest of one that did not follows outside of the body.
 *
 * @throws BodyFault the body ends early
 */ export function readMultipart(body, boundary, receiver) {
    return split(body, boundary, new Parts(receiver));
}
/** Receives the parts in order. */ let Parts = class Parts {
    receiver;
    request = [];
    requestBytes = 0;
    /** Text of the part that tells how many contents there are. */ announced = '';
    index = -1;
    contents = 0;
    kind = 'other';
    constructor(receiver){
        this.receiver = receiver;
    }
    begin(head) {
        this.index += 1;
        if (this.index === 0) this.kind = 'request';
        else if (this.index === 1 && /name="?nb-data-attachments/i.test(head)) this.kind = 'number';
        else this.kind = /filename\*?=/i.test(head) ? 'content' : 'other';
        if (this.kind === 'content') this.receiver.openContent();
    }
    write(bytes) {
        if (this.kind === 'content') return this.receiver.write(bytes);
        if (this.kind === 'number') this.announced = (this.announced + bytes.toString('latin1')).slice(0, 20);
        if (this.kind === 'request') {
            this.requestBytes += bytes.length;
            if (this.requestBytes > LONGEST_REQUEST) throw new BodyFault('The request part is too large.');
            this.request.push(bytes);
        }
        return undefined;
    }
    async end() {
        if (this.kind === 'request') this.receiver.takeDocument(Buffer.concat(this.request).toString('utf8'));
        if (this.kind === 'content') {
            await this.receiver.closeContent();
            this.contents += 1;
        }
    }
    /** Is the part that is open, or was open last, the last of the contents that were announced? */ mayBeLast(isOpen) {
        return this.kind === 'content' && this.contents + (isOpen ? 1 : 0) >= (Number(this.announced) || 1);
    }
};
async function split(body, boundary, parts) {
    const delimiter = Buffer.from(`\r\n--${boundary}`);
    // The first delimiter has no line break before it; one put in front makes all alike.
    let held = Buffer.from('\r\n');
    let inHead = true;
    let isFirst = true;
    for await (const chunk of body){
        held = held.length === 0 ? chunk : Buffer.concat([
            held,
            chunk
        ]);
        for(;;){
            if (inHead) {
                const start = isFirst ? held.indexOf(delimiter) : 0;
                const after = start + (isFirst ? delimiter.length : 0);
                if (start < 0 && held.length > LONGEST_HEAD) throw new BodyFault('The body does not begin with its boundary.');
                if (start < 0 || held.length < after + 2) break;
                if (held.subarray(after, after + 2).toString('latin1') === '--') {
                    await drain(body);
                    return true;
                }
                const end = held.indexOf('\r\n\r\n', after);
                if (end < 0) {
                    if (held.length > LONGEST_HEAD) throw new BodyFault('The head of a part is too long.');
                    break;
                }
                parts.begin(held.subarray(after, end).toString('utf8'));
                held = held.subarray(end + 4);
                inHead = false;
                isFirst = false;
            }
            const found = held.indexOf(delimiter);
            if (found < 0) {
                const safe = held.length - delimiter.length + 1;
                if (safe > 0) {
                    await parts.write(held.subarray(0, safe));
                    held = held.subarray(safe);
                }
                break;
            }
            if (found > 0) await parts.write(held.subarray(0, found));
            await parts.end();
            held = held.subarray(found + delimiter.length);
            inHead = true;
        }
    }
    // Two dashes after the delimiter would have closed the body.
    if (!parts.mayBeLast(!inHead)) throw cutOff();
    if (inHead && '--'.startsWith(held.toString('latin1'))) return false;
    const content = inHead ? undefined : beforeBegunDelimiter(held, delimiter);
    if (!content) throw cutOff();
    if (content.length > 0) await parts.write(content);
    await parts.end();
    return false;
}
const cutOff = ()=>new BodyFault('The body ended before its closing boundary.');
/** Of the boundary so much must be there that it can be nothing else. */ const TELLING_BYTES = 2;
/** What stands before a delimiter that the end of the body cuts off; undefined when none has begun. */ function beforeBegunDelimiter(held, delimiter) {
    const least = Math.min(4 + TELLING_BYTES, delimiter.length);
    for(let length = delimiter.length; length >= least; length -= 1){
        const at = held.length - length;
        if (at >= 0 && held.subarray(at).equals(delimiter.subarray(0, length))) return held.subarray(0, at);
    }
    return undefined;
}
/** What follows the closing delimiter means nothing. */ async function drain(body) {
    for await (const _ of body);
}

//# sourceMappingURL=multipart.js.map
