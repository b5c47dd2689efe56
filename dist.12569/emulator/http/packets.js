// The binary packet form `application/mflux` (reference 1.6): a sequence of packets, the first of which holds the XML
// document; the others are inputs of a request or outputs of a reply.
import { BodyFault, LONGEST_REQUEST } from './inputs.js';
export const PACKET_TYPE = 'application/mflux';
/** Marker, compression, content length (8 bytes), packets to come (4), length of the MIME type (2). */ const HEAD_BYTES = 16;
const UNKNOWN_LENGTH = -1n;
/** @throws BodyFault it is not in this form, ends early, or holds compressed packets, whose method nobody knows */ export async function readPackets(body, receiver) {
    const source = new Source(body);
    for(let remaining = 1, index = 0; remaining > 0; index += 1){
        const head = await source.take(HEAD_BYTES);
        if (head[0] !== 1) throw new BodyFault('The body is not in the packet form.');
        if (head[1] !== 0) throw new BodyFault('Compressed packets are not understood here.');
        const length = head.readBigInt64BE(2);
        remaining = head.readInt32BE(10);
        const typeLength = head.readInt16BE(14);
        if (typeLength < 0 || remaining < 0) throw new BodyFault('A packet has a negative length.');
        const type = (await source.take(typeLength)).toString('utf8');
        if (length === UNKNOWN_LENGTH && remaining > 0) throw new BodyFault('Only the last packet may be of unknown length.');
        if (index === 0) {
            if (length < 0 || length > LONGEST_REQUEST) throw new BodyFault('The request packet is too large.');
            receiver.takeDocument((await source.take(Number(length))).toString('utf8'));
        } else {
            receiver.openContent(type === '' ? undefined : type);
            await source.pass(length === UNKNOWN_LENGTH ? undefined : length, (part)=>receiver.write(part));
            await receiver.closeContent();
        }
    }
    await source.drain();
}
/** Hands out a stream's bytes by number. */ let Source = class Source {
    held = Buffer.alloc(0);
    chunks;
    constructor(body){
        this.chunks = body[Symbol.asyncIterator]();
    }
    async take(count) {
        while(this.held.length < count){
            const next = await this.chunks.next();
            if (next.done) throw new BodyFault('The body ended in the middle of a packet.');
            this.held = Buffer.concat([
                this.held,
                next.value
            ]);
        }
        const taken = this.held.subarray(0, count);
        this.held = this.held.subarray(count);
        return taken;
    }
    /** `count` bytes, or all there are. */ async pass(count, write) {
        for(let left = count; left === undefined || left > 0n;){
            if (this.held.length === 0) {
                const next = await this.chunks.next();
                if (next.done) {
                    if (left === undefined) return;
                    throw new BodyFault('The body ended in the middle of a packet.');
                }
                this.held = next.value;
            }
            const fits = left === undefined || BigInt(this.held.length) <= left ? this.held.length : Number(left);
            const part = this.held.subarray(0, fits);
            this.held = this.held.subarray(fits);
            await write(part);
            if (left !== undefined) left -= BigInt(fits);
        }
    }
    async drain() {
        while(!(await this.chunks.next()).done);
    }
};
/** The head of a packet of a reply. */ export function packetHead(type, length, remaining) {
    const mime = Buffer.from(type, 'utf8');
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt8(1, 0);
    head.writeBigInt64BE(BigInt(length), 2);
    head.writeInt32BE(remaining, 10);
    head.writeInt16BE(mime.length, 14);
    return Buffer.concat([
        head,
        mime
    ]);
}

//# sourceMappingURL=packets.js.map
