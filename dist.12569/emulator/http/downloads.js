// Contents by address: of an asset, and of an output that a session keeps (reference 5.1).
import { pipeline } from 'node:stream/promises';
import { readableAsset, versionOf } from '../services/asset-access.js';
import { runService } from '../services/dispatch.js';
import { accessIn } from '../services/service.js';
import { el } from '../xml/element.js';
import { withAddress } from './link-tokens.js';
import { disposition, plain, refuse } from './plain.js';
const callOf = (world, session, args)=>({
        world,
        service: args.name,
        args,
        session,
        actor: session.actor,
        inputs: [],
        outputs: [],
        run: async (service, given)=>(await runService(world, service, given, session, [])).result
    });
/**
 * `GET /mflux/content.mfjp`: a range may be asked for, so that a broken download can go on. A HEAD uses none of a
 * token's uses up.
 */ export async function content(world, address, request, response) {
    try {
        await withAddress(world, address, request.method === 'HEAD', async (session)=>{
            const call = callOf(world, session, el('args'));
            const asset = versionOf(call, readableAsset(call, address.searchParams.get('id') ?? ''), address.searchParams.get('version') ?? undefined);
            if (!accessIn(call, asset.namespace)('asset-content:access')) return plain(response, 403, 'This content may not be read with this session.');
            const stored = asset.content;
            if (!stored) return plain(response, 404, 'The asset has no content.');
            const range = rangeOf(request.headers.range);
            const start = range?.start ?? 0;
            const end = Math.min(range?.end ?? Infinity, stored.size - 1);
            if (range && start >= stored.size) return plain(response, 416, 'The range lies beyond the content.');
            const filename = address.searchParams.get('filename') ?? asset.name ?? undefined;
            response.writeHead(range ? 206 : 200, {
                'content-type': stored.type === 'content/unknown' ? 'application/octet-stream' : stored.type,
                'content-length': end - start + 1,
                ...range ? {
                    'content-range': `bytes ${start}-${end}/${stored.size}`
                } : {},
                ...address.searchParams.get('disposition') === 'attachment' && filename !== undefined ? {
                    'content-disposition': disposition(filename)
                } : {}
            });
            const whole = range ? undefined : world.contents.readSmall(stored.file, stored.size);
            if (request.method === 'HEAD' || stored.size === 0) response.end();
            else if (whole) response.end(whole);
            else await pipeline(world.contents.read(stored.file, start, end), response);
        });
    } catch (error) {
        refuse(error, response);
    }
}
/** A range from a place on; one that cannot be read, or ends before it begins, is none. */ function rangeOf(header = '') {
    const found = /^bytes=(\d+)-(\d*)$/.exec(header);
    const [start, end] = [
        Number(found?.[1]),
        found?.[2] ? Number(found[2]) : Infinity
    ];
    return start <= end ? {
        start,
        end
    } : undefined;
}
/** `GET /mflux/output.mfjp`. */ export async function output(world, address, request, response) {
    const isHead = request.method === 'HEAD';
    try {
        await withAddress(world, address, isHead, async (session)=>{
            const kept = session.outputs.get(address.searchParams.get('id') ?? '');
            if (!kept) return plain(response, 404, 'The session has no such output.');
            if (kept.mayBeRead?.() === false) return plain(response, 403, 'This output may not be read any more.');
            response.writeHead(200, {
                'content-type': kept.type === 'content/unknown' ? 'application/octet-stream' : kept.type,
                'content-length': kept.size ?? 0
            });
            if (isHead || kept.size === 0) response.end();
            else await pipeline(kept.open(), response);
        });
    } catch (error) {
        refuse(error, response);
    }
}

//# sourceMappingURL=downloads.js.map
