// Bodies with content as they stream in: where each content goes is known once the request document, which comes first,
// has been read.
import { pieceOf } from '../services/io-services.js';
import { attributeOf, child, parseXml, textOf, XmlFault } from '../xml/element.js';
import { ownerBehind } from '../services/session-services.js';
import { removeUnused, UNKEPT, UNWANTED } from '../services/unused-inputs.js';
/** The body itself is wrong: HTTP status 400. */ export class BodyFault extends Error {
}
export const LONGEST_REQUEST = 16 * 1024 * 1024;
/** Takes the request document and then the contents, in order. */ export class Receiver {
    world;
    inputs = [];
    xml;
    parsed;
    sink;
    type;
    constructor(world){
        this.world = world;
    }
    takeDocument(xml) {
        this.xml = xml;
        this.parsed = undefined;
    }
    /** @param type MIME type, where the sender told */ openContent(type) {
        this.type = type;
        this.sink = this.sinkOf();
    }
    write(bytes) {
        return this.sink?.write(bytes)?.catch((error)=>this.fallBack(error));
    }
    async closeContent() {
        if (this.sink) {
            const stored = await this.sink.finish().catch(async (error)=>{
                await this.fallBack(error);
                return LOST;
            });
            this.inputs.push(this.type === undefined ? stored : {
                ...stored,
                type: this.type
            });
        }
        this.sink = undefined;
    }
    /** A disk that is really full is told like a store that is: the rest is read and the service refuses. */ async fallBack(error) {
        if (!isDiskFull(error)) throw error;
        await this.sink?.discard();
        this.sink = nowhere();
    }
    /** Nothing is kept for whoever has no session. */ sinkOf() {
        const request = this.requestOf();
        const owner = request && ownerOf(this.world, request);
        if (!request || owner === undefined) return nowhere(UNWANTED);
        if (this.world.contents.isFull) return nowhere();
        return this.pieceSink(request, owner) ?? this.world.contents.sink();
    }
    requestOf() {
        try {
            return this.xml === undefined ? undefined : child(this.document(this.xml), 'service');
        } catch (error) {
            if (error instanceof XmlFault) return undefined;
            throw error;
        }
    }
    /** Removes what was stored of a body that broke off. */ async discard() {
        await this.sink?.discard();
        await removeUnused(this.world, this.inputs);
    }
    /** @throws BodyFault there is no request document in the body */ request() {
        const { xml, inputs } = this;
        if (xml === undefined) throw new BodyFault('The body holds no request part.');
        return {
            document: ()=>this.document(xml),
            inputs
        };
    }
    /** Read once, though it is asked for with each content and with the call. */ document(xml) {
        return this.parsed ??= parseXml(xml);
    }
    /** A piece of an IO job goes straight into the job's file. Whoever may not write there gets a file of their own, and the service refuses. */ pieceSink(request, owner) {
        const args = argumentsOf(request, 'server.io.write');
        const piece = args && pieceOf(this.world, owner, args);
        return piece && this.world.contents.pieceSink(piece.file, piece.offset, piece.crcBefore);
    }
}
function ownerOf(world, request) {
    const given = (name)=>attributeOf(request, name) ?? '';
    const withCall = textOf(child(request, 'args') ?? request, 'token') ?? '';
    return ownerBehind(world, given('session'), given('token') || withCall, attributeOf(request, 'app'));
}
/** Arguments of `name`, called directly or inside a `service.execute`. */ function argumentsOf(service, name) {
    if (attributeOf(service, 'name') === name) return child(service, 'args');
    return child(service, 'args')?.children.find((inner)=>attributeOf(inner, 'name') === name);
}
const LOST = {
    file: UNKEPT,
    size: 0,
    crc: 0
};
const isDiskFull = (error)=>[
        'ENOSPC',
        'EDQUOT',
        'EFBIG'
    ].includes(error?.code ?? '');
/**
 * Where the bytes go when the store is full, or when nobody may send them: the request is read to its end and refused.
 * @param file what stands for the file: nothing for a full store
 */ function nowhere(file = UNKEPT) {
    let size = 0;
    return {
        write: (part)=>{
            size += part.length;
            return undefined;
        },
        finish: ()=>Promise.resolve({
                file,
                size,
                crc: 0
            }),
        discard: ()=>Promise.resolve()
    };
}

//# sourceMappingURL=inputs.js.map
