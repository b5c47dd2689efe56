// Starts the emulator: a data folder, a port, and everything between.
import { join } from 'node:path';
import { Sessions } from './access/sessions.js';
import { Faults } from './control/faults.js';
import { createControlServer } from './control/server.js';
import { fillFirstContents } from './first-contents.js';
import { createEmulatorServer } from './http/server.js';
import { failInterruptedTasks } from './services/background-services.js';
import { Contents } from './store/contents.js';
import { lockFolder } from './store/folder-lock.js';
import { State } from './store/state.js';
export { FolderInUse } from './store/folder-lock.js';
/** @throws FolderInUse another emulator uses the folder; and what `listen` throws of a port that is taken */ export async function startEmulator(options) {
    const now = options.now ?? Date.now;
    const host = options.host ?? '127.0.0.1';
    const unlock = lockFolder(options.dataDir);
    try {
        const state = new State();
        state.open(options.dataDir);
        fillFirstContents(state, now());
        failInterruptedTasks(state, now());
        const contents = new Contents(join(options.dataDir, 'content'));
        await contents.removeAllBut(new Set(state.files()));
        const sessions = new Sessions(state, now, (output)=>{
            if (output.temporaryFile !== undefined) void contents.remove(output.temporaryFile);
        });
        const faults = new Faults(now);
        const world = {
            state,
            contents,
            sessions,
            takenFiles: new Set(),
            now,
            port: ()=>portOf(server),
            isSecure: options.tls !== undefined
        };
        const server = createEmulatorServer(world, faults, options.tls);
        const control = options.controlPort === undefined ? undefined : createControlServer(world, faults);
        await listen(server, options.port, host);
        if (control) await listen(control, options.controlPort ?? 0, '127.0.0.1');
        return {
            url: `${options.tls ? 'https' : 'http'}://${host}:${portOf(server)}`,
            controlUrl: control ? `http://127.0.0.1:${portOf(control)}` : null,
            faults,
            expireSessions: ()=>sessions.expireAll(),
            close: async ()=>{
                await Promise.all([
                    server,
                    ...control ? [
                        control
                    ] : []
                ].map(shut));
                state.close();
                unlock();
            }
        };
    } catch (error) {
        unlock();
        throw error;
    }
}
const portOf = (server)=>server.address().port;
const listen = (server, port, host)=>new Promise((resolve, reject)=>{
        server.once('error', reject);
        server.listen(port, host, resolve);
    });
const shut = (server)=>new Promise((resolve)=>{
        server.close(()=>resolve());
        server.closeAllConnections();
    });

//# sourceMappingURL=index.js.map
