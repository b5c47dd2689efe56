// Reads one long reply, made while it is read, in a process of its own, so that its memory is its own. Arguments: `ours` or
// `fast-xml-parser`, and the number of assets. Prints seconds, bytes, and resident memory above what it was before.
import { XMLParser } from 'fast-xml-parser';
import { readItems } from '../src/mediaflux/protocol/index.js';
const [reader = 'ours', countText = '1000'] = process.argv.slice(2);
const count = Number(countText);
const CHUNK_CHARACTERS = 64 * 1024;
function* reply() {
    let text = '<?xml version="1.0" encoding="UTF-8" ?>\n<response><reply type="result"><result>';
    for(let index = 0; index < count; index += 1){
        const crc = (index * 2_654_435_761 >>> 0).toString(16).toUpperCase();
        text += `<asset id="${1_000 + index}" version="1"><namespace>/projects/proj-microscopy-1128.4.15/2026-03-01_10.00.00-1-1-scope1/data/plate-${index % 100}</namespace><name>image-${index}.tif</name><size>${index * 17}</size><csum>${crc}</csum><stime>${5_000 + index}</stime></asset>`;
        if (text.length > CHUNK_CHARACTERS) {
            yield Buffer.from(text);
            text = '';
        }
    }
    yield Buffer.from(`${text}<iterated complete="true">${count}</iterated></result></reply></response>`);
}
const bodyOf = async function*(chunks) {
    yield* chunks;
};
let bytes = 0;
let seconds;
const idle = process.memoryUsage().rss;
let most = idle;
const sample = setInterval(()=>most = Math.max(most, process.memoryUsage().rss), 20);
if (reader === 'ours') {
    // Making the text is not what is measured: its time is taken off.
    const began = performance.now();
    for (const chunk of reply())bytes += chunk.length;
    const making = performance.now() - began;
    const start = performance.now();
    let items = 0;
    for await (const _ of readItems(bodyOf(reply()), 'response/reply/result')){
        items += 1;
        if (items % 10_000 === 0) most = Math.max(most, process.memoryUsage().rss);
    }
    if (items !== count + 1) throw new Error(`${items} items were read.`);
    seconds = (performance.now() - start - making) / 1_000;
} else {
    const whole = Buffer.concat([
        ...reply()
    ]);
    bytes = whole.length;
    const start = performance.now();
    new XMLParser({
        ignoreAttributes: false,
        parseTagValue: false
    }).parse(whole);
    seconds = (performance.now() - start) / 1_000;
    most = Math.max(most, process.memoryUsage().rss);
}
clearInterval(sample);
const { user, system } = process.cpuUsage();
process.stdout.write(`${JSON.stringify({
    seconds,
    bytes,
    memory: most - idle,
    cpuSeconds: (user + system) / 1e6
})}\n`);

//# sourceMappingURL=parse.js.map
