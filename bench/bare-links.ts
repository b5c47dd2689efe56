// The reference for links: the HTTP adapter of the server, with handlers that do no more than look the token up by its
// index and, for a POST, write one row. Argument: the database's address. Prints its own when it listens.

import { createHash, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.argv[2] ?? '', max: 10 });
await pool.query(
  'create table if not exists bench_said (id uuid primary key, delivery_id uuid not null, said text not null, at timestamptz not null)',
);
const fastify = new FastifyAdapter({ trustProxy: true, routerOptions: { maxParamLength: 500 } }).getInstance();
fastify.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, _body, done) =>
  done(null, undefined),
);

interface Found {
  delivery_id: string;
  purpose: string;
}

async function find(token: string): Promise<Found | undefined> {
  const { rows } = await pool.query<Found>(
    'select delivery_id, generation, purpose from delivery_link where token_sha256 = $1',
    [createHash('sha256').update(token).digest()],
  );
  return rows[0];
}

fastify.get<{ Params: { token: string } }>('/s/:token', async (request, reply) => {
  const found = await find(request.params.token);
  return found ?? reply.status(404).send();
});
fastify.post<{ Params: { token: string } }>('/s/:token/done', async (request, reply) => {
  const found = await find(request.params.token);
  if (!found) return reply.status(404).send();
  await pool.query('insert into bench_said (id, delivery_id, said, at) values ($1, $2, $3, $4)', [
    randomUUID(),
    found.delivery_id,
    'done',
    new Date(),
  ]);
  return reply.redirect(`/s/${request.params.token}`, 303);
});
await fastify.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`http://127.0.0.1:${(fastify.server.address() as AddressInfo).port}\n`);
