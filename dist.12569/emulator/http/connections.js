// Connections: since when each is open, which reply is under way on it, and what becomes of bytes that are no request.
// A client that counts a body too short (reference 4) leaves the rest of it behind on the connection; its answer must
// come whole all the same.
import { STATUS_CODES } from 'node:http';
/** How long a connection that is to end waits for the other side to end it too. */ const LINGER_MS = 2_000;
const STATUS_OF_CODE = {
    HPE_HEADER_OVERFLOW: 431,
    ERR_HTTP_REQUEST_TIMEOUT: 408
};
export class Connections {
    now;
    openedAt = new WeakMap();
    underWay = new WeakMap();
    withRest = new WeakSet();
    ending = new WeakSet();
    constructor(now){
        this.now = now;
    }
    watch(server, isSecure) {
        server.on(isSecure ? 'secureConnection' : 'connection', (socket)=>this.openedAt.set(socket, this.now()));
        server.on('clientError', (error, socket)=>this.noRequest(error, socket));
    }
    begin(request, response) {
        this.underWay.set(request.socket, {
            request,
            response,
            begunAt: this.now()
        });
    }
    /** The body of the request ended elsewhere than it said: what follows on its connection may be the rest of it. */ expectRest(request) {
        this.withRest.add(request.socket);
    }
    callerOf(request, path) {
        const { socket, headers } = request;
        const shown = [
            [
                'User-Agent',
                headers['user-agent']
            ],
            [
                'Connection',
                headers.connection
            ],
            [
                'Host',
                headers.host
            ]
        ];
        const requestedAt = this.underWay.get(socket)?.begunAt ?? this.now();
        return {
            address: (socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
            path,
            headers: shown.filter((header)=>header[1] !== undefined),
            requestedAt,
            connectedAt: this.openedAt.get(socket) ?? requestedAt,
            bytesReceived: socket.bytesRead,
            bytesSent: socket.bytesWritten
        };
    }
    /** A reply under way is finished first. Without one the answer is a status with a sentence. */ noRequest(error, socket) {
        if (this.ending.has(socket)) return;
        this.ending.add(socket);
        const { request, response } = this.underWay.get(socket) ?? {};
        const isAnswering = response !== undefined && !response.writableFinished && !response.destroyed;
        if (isAnswering && request?.complete === true) response.once('close', ()=>end(socket));
        else if (this.withRest.has(socket)) end(socket);
        else if (error.code === 'ECONNRESET' || !socket.writable || isAnswering && response.headersSent) socket.destroy();
        else refuse(socket, STATUS_OF_CODE[error.code ?? ''] ?? 400);
    }
}
function refuse(socket, status) {
    const body = 'The request cannot be read: it is not in the form of HTTP.\n';
    end(socket, `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
}
/** Ends this side and takes in what still comes: closing at once could take the answer back. */ function end(socket, last = '') {
    if (socket.destroyed) return;
    socket.end(last);
    setTimeout(()=>socket.destroy(), LINGER_MS).unref();
}

//# sourceMappingURL=connections.js.map
