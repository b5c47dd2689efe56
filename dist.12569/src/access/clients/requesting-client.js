// Who sent a request, as far as it shows. The address goes no further than to where it is hashed.
import { createParamDecorator } from '@nestjs/common';
export const ClientOf = createParamDecorator((_, context)=>{
    const request = context.switchToHttp().getRequest();
    const { headers } = request;
    return {
        // The same client comes with both forms where the server listens on IPv6.
        address: request.ip.replace(/^::ffff:(?=\d+\.)/i, ''),
        userAgent: headers['user-agent'],
        isHead: request.method === 'HEAD',
        isPrefetch: [
            headers['sec-purpose'],
            headers['purpose'],
            headers['x-purpose'],
            headers['x-moz']
        ].some((value)=>/prefetch|prerender|preview/i.test(String(value ?? '')))
    };
});

//# sourceMappingURL=requesting-client.js.map
