// Makes the server out of its rooms.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { CallerResolvers, EndedLinkLimiter, GuessLimiter, installJudge } from './auth/index.js';
import { installBodyParsers, PublicAddress } from './http/index.js';
import { ProgramLogger } from './logging/index.js';
import { Readiness, serveApiDocument } from './operations/index.js';
export async function createServer(settings) {
    const adapter = new FastifyAdapter({
        trustProxy: settings.trustProxy,
        routerOptions: {
            maxParamLength: 500
        },
        forceCloseConnections: true
    });
    const app = await NestFactory.create(AppModule.forRoot(settings), adapter, {
        logger: new ProgramLogger(settings),
        bodyParser: false,
        abortOnError: false
    });
    const fastify = adapter.getInstance();
    installBodyParsers(fastify);
    installJudge(fastify, {
        adminApiKey: settings.adminApiKey,
        resolvers: app.get(CallerResolvers),
        guesses: app.get(GuessLimiter),
        ended: app.get(EndedLinkLimiter)
    });
    serveApiDocument(app);
    return {
        listen: async ()=>{
            await app.listen(settings.port, settings.host);
            const { port } = app.getHttpServer().address();
            app.get(PublicAddress).listeningAt(port);
            const host = settings.host === '0.0.0.0' || settings.host === '127.0.0.1' ? 'localhost' : settings.host;
            return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
        },
        markReady: ()=>app.get(Readiness).open(),
        close: ()=>app.close()
    };
}

//# sourceMappingURL=app.js.map
