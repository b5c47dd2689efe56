// Makes the server out of its rooms.

import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppModule } from './app.module.js';
import { CallerResolvers, EndedLinkLimiter, GuessLimiter, installJudge } from './auth/index.js';
import type { CompleteSettings } from './config/index.js';
import { ErrorPages, installBodyParsers, installLinkAddresses, ProblemFilter, PublicAddress } from './http/index.js';
import { ProgramLogger } from './logging/index.js';
import { Readiness, serveApiDocument } from './operations/index.js';

export interface RunningServer {
  /** Listens; resolves to the address. */
  listen(): Promise<string>;
  /** From now on readiness may answer 200. */
  markReady(): void;
  close(): Promise<void>;
}

/** @param built folder with the built program */
export async function createServer(settings: CompleteSettings, built: string): Promise<RunningServer> {
  const adapter = new FastifyAdapter({
    trustProxy: settings.trustProxy,
    // As long as a header may be: a token of any length is judged, and unknown.
    routerOptions: { maxParamLength: 65_536 },
    forceCloseConnections: true,
    // An address that cannot even be read, as `/s/%zz`.
    frameworkErrors: (_: unknown, request: FastifyRequest, reply: FastifyReply) =>
      void new ProblemFilter(app.get(ErrorPages))
        .respond({ statusCode: 404 }, request, reply)
        .catch(() => request.raw.destroy()),
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(settings, built), adapter, {
    logger: new ProgramLogger(settings),
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = adapter.getInstance();
  installBodyParsers(fastify);
  installLinkAddresses(fastify);
  installJudge(fastify, {
    adminApiKey: settings.adminApiKey,
    resolvers: app.get(CallerResolvers),
    guesses: app.get(GuessLimiter),
    ended: app.get(EndedLinkLimiter),
  });
  serveApiDocument(app);
  return {
    listen: async () => {
      await app.listen(settings.port, settings.host);
      const { port } = app.getHttpServer().address() as AddressInfo;
      app.get(PublicAddress).listeningAt(port);
      const host = settings.host === '0.0.0.0' || settings.host === '127.0.0.1' ? 'localhost' : settings.host;
      return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    },
    markReady: () => app.get(Readiness).open(),
    close: () => app.close(),
  };
}
