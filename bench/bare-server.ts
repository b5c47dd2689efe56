// The reference for the emulator: a bare Node server that writes each body to a file. Argument: a folder. Prints its
// port when it listens.

import { createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const folder = process.argv[2] ?? '.';
let count = 0;
const server = createServer({ keepAliveTimeout: 65_000, highWaterMark: 1024 * 1024 }, (request, response) => {
  count += 1;
  pipeline(request, createWriteStream(join(folder, `body-${count}`), { highWaterMark: 1024 * 1024 }))
    .then(() => response.end('taken'))
    .catch((error: Error) => response.destroy(error));
});
server.requestTimeout = 0;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
