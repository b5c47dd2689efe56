// What controllers say about their callers.
import { createParamDecorator } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
/** Who may call this route; judged before any body is read. A route without it stops the start. */ export const Caller = (caller)=>RouteConfig({
        caller
    });
/** The upload shareable that calls; for routes of `@Caller('shareable')`. */ export const ShareableOf = createParamDecorator((_, context)=>{
    const { shareable } = context.switchToHttp().getRequest();
    if (!shareable) throw new Error('This route is not one for upload shareables.');
    return shareable;
});
/** The delivery whose link is used; for routes of `@Caller('link')` and its kin. */ export const LinkOf = createParamDecorator((_, context)=>{
    const { link } = context.switchToHttp().getRequest();
    if (!link) throw new Error('This route is not one for links.');
    return link;
});

//# sourceMappingURL=caller.decorators.js.map
