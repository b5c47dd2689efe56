// Work on what a source gives, some at a time; the source is read no faster than the work goes.
/**
 * After the first error no more is taken; it is thrown when all that was under way has ended.
 * @throws what `work` or the source threw first
 */ export async function inParallel(source, atATime, work) {
    const items = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    let first;
    const worker = async ()=>{
        while(first === undefined){
            try {
                const next = await items.next();
                if (next.done) return;
                await work(next.value);
            } catch (error) {
                first ??= {
                    error
                };
            }
        }
    };
    await Promise.all(Array.from({
        length: atATime
    }, worker));
    await items.return?.();
    if (first) throw first.error;
}

//# sourceMappingURL=in-parallel.js.map
