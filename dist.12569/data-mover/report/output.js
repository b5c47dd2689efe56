// Standard output and standard error. Whoever read them may be gone (`| head -1`), or their disk may be full: the transfer
// is worth more than its report, so it goes on without.
const closed = new Set();
/** Lines after the first that could not be written go nowhere. */ export function write(to, text) {
    if (closed.has(to)) return;
    try {
        process[to].write(text);
    } catch (error) {
        lost(to, error);
    }
}
/** Must be called once, before anything is written. */ export function outliveReaders() {
    for (const stream of [
        'stdout',
        'stderr'
    ])process[stream].on('error', (error)=>lost(stream, error));
}
function lost(stream, error) {
    const { code = 'unknown' } = error;
    closed.add(stream);
    // A reader that left wants no more.
    if (stream === 'stdout' && code !== 'EPIPE') write('stderr', `What happens cannot be written to standard output any more (${code}); it goes on all the same.\n`);
}

//# sourceMappingURL=output.js.map
