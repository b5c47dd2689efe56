// The emulator's command line: `npm run emulator -- --port 8086 --data DIR`.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { FolderInUse, startEmulator } from './index.js';
const program = new Command('emulator').description('A stand-in for a Mediaflux server, for trying things out. Everything it stores is in the data folder.').option('--port <number>', 'port to listen on; 0 is any free one', portNumber, 8086).option('--host <address>', 'address to listen on', '127.0.0.1').requiredOption('--data <folder>', 'where contents and records are kept').option('--control <number>', 'port on loopback for faults and the log of calls; 0 is any free one', portNumber).option('--tls-key <file>', 'private key in PEM, for https').option('--tls-cert <file>', 'certificate in PEM, for https').option('--exit-with-stdin', 'end when standard input closes');
function portNumber(text) {
    const port = Number(text);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('It must be a number from 0 to 65535.');
    return port;
}
async function main() {
    const options = program.parse().opts();
    const at = (file)=>resolve(process.env['INIT_CWD'] ?? '.', file);
    if (options.tlsKey === undefined !== (options.tlsCert === undefined)) throw new Error('--tls-key and --tls-cert belong together; give both or none.');
    const emulator = await startEmulator({
        port: options.port,
        host: options.host,
        dataDir: at(options.data),
        ...options.control === undefined ? {} : {
            controlPort: options.control
        },
        ...options.tlsKey === undefined || options.tlsCert === undefined ? {} : {
            tls: {
                key: readFileSync(at(options.tlsKey)),
                cert: readFileSync(at(options.tlsCert))
            }
        }
    });
    let stopping = false;
    const stop = ()=>{
        if (stopping) return;
        stopping = true;
        void emulator.close().then(()=>process.exit(0));
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    process.on('SIGHUP', stop);
    if (options.exitWithStdin) process.stdin.on('end', stop).on('close', stop).resume();
    if (emulator.controlUrl !== null) process.stdout.write(`Control port at ${emulator.controlUrl}\n`);
    process.stdout.write(`Mediaflux emulator listening on ${emulator.url}\n`);
}
main().catch((error)=>{
    const sentence = error.code === 'EADDRINUSE' ? 'The port is taken by another program; give another one with --port.' : error instanceof FolderInUse ? error.message : `The emulator could not start: ${error.message}`;
    process.stderr.write(`${sentence}\n`);
    process.exit(1);
});

//# sourceMappingURL=main.js.map
