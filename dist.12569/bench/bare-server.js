// The reference for the emulator: a bare Node server that writes each body to a file and streams files back by number.
// Argument: a folder. Prints its port when it listens.
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
const CHUNK_BYTES = 1024 * 1024;
const folder = process.argv[2] ?? '.';
let count = 0;
const server = createServer({
    keepAliveTimeout: 65_000,
    highWaterMark: CHUNK_BYTES
}, (request, response)=>{
    if (request.method === 'GET') {
        const file = join(folder, `body-${(request.url ?? '').slice(1)}`);
        response.writeHead(200, {
            'content-length': statSync(file).size
        });
        pipeline(createReadStream(file, {
            highWaterMark: CHUNK_BYTES
        }), response).catch(()=>response.destroy());
        return;
    }
    count += 1;
    pipeline(request, createWriteStream(join(folder, `body-${count}`), {
        highWaterMark: CHUNK_BYTES
    })).then(()=>response.end('taken')).catch((error)=>response.destroy(error));
});
server.requestTimeout = 0;
server.listen(0, '127.0.0.1', ()=>process.stdout.write(`${server.address().port}\n`));

//# sourceMappingURL=bare-server.js.map
