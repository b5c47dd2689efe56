// Links of tokens that are bound to a call: execute.mfjp gives what the call gives, share.mfjp shows people a page first
// (reference 5.1).
import { pipeline } from 'node:stream/promises';
import { runService } from '../services/dispatch.js';
import { attributeOf, child, el, escapeXml } from '../xml/element.js';
import { BodyFault } from './inputs.js';
import { appOf, linkToken, withToken } from './link-tokens.js';
import { disposition, plain, refuse } from './plain.js';
import { resultDocument } from './replies.js';
/** `GET /mflux/execute.mfjp?token=T&filename=F`: the token's name has no underscore here. */ export async function execute(world, address, request, response) {
    request.resume();
    const token = linkToken(world, address.searchParams.get('token') ?? '', appOf(address), true);
    if (!token) return goneLink(response);
    await sendOutput(world, token, address.searchParams.get('filename'), request, response);
}
/**
 * `/mflux/share.mfjp?_token=T&browser=true&filename=F`: a page with a form, which posts `browser=false` to the same
 * address and so gets the file. The field of the form counts more than the address, whose `browser` still says true.
 */ export async function share(world, address, request, response) {
    const given = request.method === 'POST' ? (await formOf(request)).get('browser') : null;
    const token = linkToken(world, address.searchParams.get('_token') ?? '', appOf(address), true);
    if (!token) return goneLink(response);
    const filename = address.searchParams.get('filename');
    const isForBrowser = (given ?? address.searchParams.get('browser'))?.toLowerCase() === 'true';
    if (isForBrowser) sendPage(filename ?? 'download', request, response);
    else await sendOutput(world, token, filename, request, response);
}
const goneLink = (response)=>plain(response, 401, 'This link is not valid or has been used up.');
/**
 * The output of the token's call, or its reply where it has none. A HEAD runs nothing and uses none of the token's uses
 * up. An archive, whose length nobody knows, ends by closing.
 */ async function sendOutput(world, token, filename, request, response) {
    if (request.method === 'HEAD') {
        const head = {
            'content-type': 'application/octet-stream',
            connection: 'close'
        };
        response.writeHead(200, filename === null ? head : {
            ...head,
            'content-disposition': disposition(filename)
        }).end();
        return;
    }
    const service = token.service ?? el('service');
    try {
        await withToken(world, token, false, async (session)=>{
            const args = child(service, 'args') ?? service;
            const answer = await runService(world, attributeOf(service, 'name') ?? '', args, session, []);
            const [made] = answer.outputs;
            if (!made) {
                const body = Buffer.from(resultDocument(answer.result), 'utf8');
                response.writeHead(200, {
                    'content-type': 'text/xml; charset=utf-8',
                    'content-length': body.length
                }).end(body);
                return;
            }
            response.shouldKeepAlive = false;
            // Without a length it ends by closing and not in chunks, which one client does not read (reference 1.6, 13.9).
            response.useChunkedEncodingByDefault = false;
            response.writeHead(200, {
                'content-type': made.type,
                'content-disposition': disposition(filename ?? made.name ?? 'output'),
                ...made.size === undefined ? {} : {
                    'content-length': made.size
                },
                connection: 'close'
            });
            await pipeline(made.open(), response);
        });
    } catch (error) {
        refuse(error, response);
    }
}
const LONGEST_FORM = 64 * 1024;
/** @throws BodyFault it is too long */ async function formOf(request) {
    const parts = [];
    let size = 0;
    for await (const part of request){
        size += part.length;
        if (size > LONGEST_FORM) throw new BodyFault('The form is too large.');
        parts.push(part);
    }
    return new URLSearchParams(Buffer.concat(parts).toString('utf8'));
}
/** Without an address of its own the form goes to the page's, token and all. */ function sendPage(filename, request, response) {
    const name = escapeXml(filename);
    const page = Buffer.from(`<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>${name}</title></head>
<body>
<h1>${name}</h1>
<form method="post"><input type="hidden" name="browser" value="false"><button type="submit">Download</button></form>
</body>
</html>
`);
    response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-length': page.length,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'content-security-policy': "default-src 'none'; form-action 'self'; frame-ancestors 'none'"
    });
    response.end(request.method === 'HEAD' ? undefined : page);
}

//# sourceMappingURL=bound-calls.js.map
