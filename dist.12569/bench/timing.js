// Runs a command to its end and tells how long it took and how much of the processor it used, itself and its children.
import { spawn } from 'node:child_process';
/** What was written before is on the disk when it begins, so that nobody pays for another. @throws Error it ended with another code than 0 */ export function timed(command, env = {}) {
    const child = spawn('bash', [
        '-c',
        `sync; TIMEFORMAT='%R %U %S'; time { ${command}; }`
    ], {
        stdio: [
            'ignore',
            'ignore',
            'pipe'
        ],
        env: {
            ...process.env,
            ...env,
            LC_ALL: 'C'
        }
    });
    let told = '';
    child.stderr.setEncoding('utf8').on('data', (text)=>told = (told + text).slice(-4_000));
    return new Promise((resolve, reject)=>{
        child.once('close', (code)=>{
            const [seconds = 0, user = 0, system = 0] = (told.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
            if (code === 0) resolve({
                seconds,
                cpuSeconds: user + system
            });
            else reject(new Error(`A command that was to be measured failed: ${told}`));
        });
    });
}
export const medianOf = (values)=>[
        ...values
    ].sort((left, right)=>left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
export const median = (timings)=>({
        seconds: medianOf(timings.map(({ seconds })=>seconds)),
        cpuSeconds: medianOf(timings.map(({ cpuSeconds })=>cpuSeconds))
    });

//# sourceMappingURL=timing.js.map
