// Sends one kind of request over a number of connections for some seconds and tells how it went: a process of its own, so
// that what it computes delays nobody. Argument: `Load` as JSON. Prints `Answers` as JSON.
import { readFileSync } from 'node:fs';
import { Pool } from 'undici';
const load = JSON.parse(process.argv[2] ?? '{}');
const tokens = readFileSync(load.tokens, 'utf8').trim().split('\n');
const pool = new Pool(load.server, {
    connections: load.connections,
    pipelining: 1
});
const took = [];
const statuses = {};
let next = load.from;
async function client(until) {
    while(performance.now() < until){
        const number = next++ % tokens.length;
        const start = performance.now();
        const { statusCode, body } = await pool.request({
            method: load.method,
            path: `/s/${tokens[number]}${load.suffix}`,
            headers: {
                accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
                'accept-language': 'en-AU,en;q=0.7,de;q=0.3',
                'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
                // Everybody has an address of their own, as behind any reverse proxy.
                'x-forwarded-for': `10.${number >> 16 & 255}.${number >> 8 & 255}.${number & 255}`,
                ...load.method === 'POST' ? {
                    'content-type': 'application/x-www-form-urlencoded'
                } : {}
            },
            ...load.method === 'POST' ? {
                body: ''
            } : {}
        });
        await body.dump();
        took.push(performance.now() - start);
        statuses[statusCode] = (statuses[statusCode] ?? 0) + 1;
    }
}
const start = performance.now();
await Promise.all(Array.from({
    length: load.connections
}, ()=>client(start + load.seconds * 1_000)));
const seconds = (performance.now() - start) / 1_000;
await pool.close();
took.sort((left, right)=>left - right);
const answers = {
    count: took.length,
    seconds,
    p99: took[Math.floor(took.length * 0.99)] ?? Number.NaN,
    statuses
};
process.stdout.write(`${JSON.stringify(answers)}\n`);

//# sourceMappingURL=links-load.js.map
