import { createServer, type AddressInfo } from 'node:net';

/** A port of this machine that nobody listens on, for what must come back at the same address. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
