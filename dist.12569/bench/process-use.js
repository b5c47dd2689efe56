// What a process of ours uses, as Linux tells; NaN elsewhere.
import { readFileSync } from 'node:fs';
const TICKS_PER_SECOND = 100;
const SAMPLE_EVERY_MS = 20;
/** User and system time so far, in seconds. */ export function cpuSeconds(pid) {
    const fields = told(`/proc/${pid}/stat`)?.replace(/^.*\) /, '').split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
const residentBytes = (pid)=>Number(/^VmRSS:\s+(\d+) kB/m.exec(told(`/proc/${pid}/status`) ?? '')?.[1]) * 1024;
/** Runs `work` and answers what it took, and by how much the process's resident memory rose above where it began. */ export async function measured(pid, work) {
    const resident = residentBytes(pid);
    const cpu = cpuSeconds(pid);
    let most = resident;
    const sampling = setInterval(()=>most = Math.max(most, residentBytes(pid)), SAMPLE_EVERY_MS);
    const start = performance.now();
    try {
        await work();
    } finally{
        clearInterval(sampling);
    }
    const seconds = (performance.now() - start) / 1_000;
    return {
        timing: {
            seconds,
            cpuSeconds: cpuSeconds(pid) - cpu
        },
        risenBytes: most - resident
    };
}
function told(file) {
    try {
        return readFileSync(file, 'utf8');
    } catch (error) {
        if (error.code === 'ENOENT') return undefined;
        throw error;
    }
}

//# sourceMappingURL=process-use.js.map
