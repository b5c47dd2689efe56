// One emulator for one data folder. The lock names the process and when it started, so that a number that was given to
// another program since is recognised.
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
export class FolderInUse extends Error {
}
/** Takes the lock; the answer gives it back. @throws FolderInUse another emulator uses the folder */ export function lockFolder(folder) {
    mkdirSync(folder, {
        recursive: true,
        mode: 0o700
    });
    const lock = join(folder, 'lock');
    const mine = join(folder, `lock.${process.pid}`);
    writeFileSync(mine, `${process.pid} ${startOf(process.pid) ?? ''}\n`, {
        mode: 0o600
    });
    try {
        for(let attempt = 0; attempt < 2; attempt += 1){
            try {
                linkSync(mine, lock);
                return ()=>rmSync(lock, {
                        force: true
                    });
            } catch (error) {
                if (error.code !== 'EEXIST') throw error;
                const [pid, start] = readFileSync(lock, 'utf8').trim().split(' ');
                if (pid !== undefined && isRunning(Number(pid), start)) {
                    throw new FolderInUse(`The data folder ${folder} is in use by process ${pid}; stop it first or give another --data.`);
                }
                rmSync(lock, {
                    force: true
                });
            }
        }
        throw new FolderInUse(`The data folder ${folder} was taken by another process just now.`);
    } finally{
        rmSync(mine, {
            force: true
        });
    }
}
function isRunning(pid, start) {
    try {
        process.kill(pid, 0);
    } catch (error) {
        if (error.code === 'ESRCH') return false;
    }
    const now = startOf(pid);
    if (now === ENDED) return false;
    return now === undefined || start === undefined || start === '' || now === start;
}
/** A process that has ended and whose parent has not asked yet. */ const ENDED = 'ended';
/** Linux's start time of a process in clock ticks since boot, or that it has ended; undefined elsewhere. */ function startOf(pid) {
    try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return fields[0] === 'Z' || fields[0] === 'X' ? ENDED : fields[19];
    } catch (error) {
        if (error.code === 'ENOENT') return undefined;
        throw error;
    }
}

//# sourceMappingURL=folder-lock.js.map
