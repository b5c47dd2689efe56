// Small files read and written whole.
import { closeSync, fstatSync, futimesSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { open, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { AtOnce } from './at-once.js';
import { stateOf } from './local-content.js';
const reading = new AtOnce();
const writing = new AtOnce();
/** Files of more bytes are none of these. */ export const SMALL_BYTES = 128 * 1024;
/** Room in memory before a content and after it, for what goes before it and after it on its way. */ const BEFORE_BYTES = 16 * 1024;
const AFTER_BYTES = 1024;
/** Memory to read into, used again: a fresh piece for each of a million files keeps the collector of garbage busy. */ const free = [];
/** Hands the content to `use`, which must be done with it when it answers. */ export async function withSmall(path, use) {
    const around = free.pop() ?? Buffer.allocUnsafeSlow(BEFORE_BYTES + SMALL_BYTES + 1 + AFTER_BYTES);
    const memory = around.subarray(BEFORE_BYTES, BEFORE_BYTES + SMALL_BYTES + 1);
    const snapshot = await reading.run(()=>readNow(path, memory), ()=>readElsewhere(path, memory));
    const answer = await use({
        ...snapshot,
        around
    });
    // After an error a connection that is about to end may still be sending from it: then it is not used again.
    free.push(around);
    return answer;
}
/** Under a temporary name until it is whole. */ export function writeSmall(temporary, place, bytes, /** In seconds. */ modified) {
    return writing.run(()=>{
        try {
            writeNow(temporary, bytes, modified);
            renameSync(temporary, place);
        } catch (error) {
            rmSync(temporary, {
                force: true
            });
            throw error;
        }
    }, async ()=>{
        try {
            await writeFile(temporary, bytes);
            if (modified !== undefined) await utimes(temporary, modified, modified);
            await rename(temporary, place);
        } catch (error) {
            await rm(temporary, {
                force: true
            });
            throw error;
        }
    });
}
function writeNow(temporary, bytes, modified) {
    const descriptor = openSync(temporary, 'w');
    try {
        for(let at = 0; at < bytes.length;)at += writeSync(descriptor, bytes, at);
        if (modified !== undefined) futimesSync(descriptor, modified, modified);
    } finally{
        closeSync(descriptor);
    }
}
function readNow(path, memory) {
    const descriptor = openSync(path, 'r');
    try {
        const found = stateOf(fstatSync(descriptor));
        const wanted = Math.min(found.size, SMALL_BYTES) + 1;
        return {
            ...found,
            bytes: memory.subarray(0, readSync(descriptor, memory, 0, wanted, 0))
        };
    } finally{
        closeSync(descriptor);
    }
}
async function readElsewhere(path, memory) {
    const file = await open(path);
    try {
        const found = stateOf(await file.stat());
        const wanted = Math.min(found.size, SMALL_BYTES) + 1;
        const { bytesRead } = await file.read(memory, 0, wanted, 0);
        return {
            ...found,
            bytes: memory.subarray(0, bytesRead)
        };
    } finally{
        await file.close();
    }
}

//# sourceMappingURL=small-files.js.map
