// A mail server that takes everything and keeps the last mail, for measuring what speaks to it. Argument: a file for
// that mail. Prints its port when it listens; `SIGUSR2` makes it write the file.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
const END = Buffer.from('\r\n.\r\n');
const file = process.argv[2] ?? '';
let last = Buffer.alloc(0);
const server = createServer((socket)=>{
    let buffered = Buffer.alloc(0);
    let isContent = false;
    socket.setNoDelay(true);
    socket.on('error', ()=>socket.destroy());
    socket.write('220 sink ESMTP\r\n');
    socket.on('data', (part)=>{
        buffered = buffered.length === 0 ? part : Buffer.concat([
            buffered,
            part
        ]);
        let replies = '';
        for(;;){
            const end = buffered.indexOf(isContent ? END : '\r\n');
            if (end < 0) break;
            if (isContent) {
                last = buffered.subarray(0, end + 2);
                buffered = buffered.subarray(end + END.length);
                isContent = false;
                replies += '250 2.0.0 Taken\r\n';
                continue;
            }
            const verb = buffered.toString('latin1', 0, 4).toUpperCase();
            buffered = buffered.subarray(end + 2);
            isContent = verb === 'DATA';
            replies += isContent ? '354 Go on\r\n' : verb === 'EHLO' ? '250-sink\r\n250 PIPELINING\r\n' : '250 2.0.0 Ok\r\n';
            if (verb === 'QUIT') return void socket.end('221 2.0.0 Bye\r\n');
        }
        if (replies !== '') socket.write(replies);
    });
});
process.on('SIGUSR2', ()=>writeFileSync(file, last));
server.listen(0, '127.0.0.1', ()=>process.stdout.write(`${server.address().port}\n`));

//# sourceMappingURL=smtp-sink.js.map
