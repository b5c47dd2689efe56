// The reference for the outbox: nodemailer's pooled transport alone, sending a mail like one of ours again and again.
// Arguments: the mail server's address, a file with that mail, how many. Prints the seconds as JSON.
import { readFileSync } from 'node:fs';
import { simpleParser } from 'mailparser';
import { createTransport } from 'nodemailer';
const [url = '', file = '', count = '0'] = process.argv.slice(2);
const like = await simpleParser(readFileSync(file), {
    skipTextToHtml: true
});
const transport = createTransport({
    url,
    pool: true,
    maxConnections: 5,
    maxMessages: Infinity
});
const mail = (number)=>({
        from: 'Dispatch <dispatch@example.org>',
        to: `person-${number}@example.org`,
        subject: like.subject ?? '',
        text: like.text ?? '',
        html: like.html || '',
        attachments: like.attachments.map(({ content, filename, contentType })=>({
                content,
                filename: filename ?? 'attachment',
                contentType
            }))
    });
// The connections stand before the clock runs, as they do in the server that is compared.
await Promise.all(Array.from({
    length: 5
}, (_, number)=>transport.sendMail(mail(number))));
const start = performance.now();
const cpu = process.cpuUsage();
let next = 0;
const sender = async ()=>{
    while(next < Number(count))await transport.sendMail(mail(next++));
};
await Promise.all(Array.from({
    length: 10
}, sender));
const { user, system } = process.cpuUsage(cpu);
process.stdout.write(`${JSON.stringify({
    seconds: (performance.now() - start) / 1_000,
    cpuSeconds: (user + system) / 1e6
})}\n`);
transport.close();

//# sourceMappingURL=pooled-transport.js.map
