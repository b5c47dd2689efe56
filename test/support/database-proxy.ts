// Stands between the program and PostgreSQL, sees every statement, and can stop the world at one of them: before the
// database gets it, or once the database has answered and before the program hears of it.

import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** `number` counts from the moment the trap was set. */
export interface Statement {
  number: number;
  sql: string;
}

interface Trap {
  isHere: (statement: Statement) => boolean;
  when: 'before' | 'after';
  spring: () => void;
}

export class DatabaseProxy {
  private trap: Trap | undefined;
  private seen = 0;
  private readonly open = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on('connection', (client) => this.carry(client));
  }

  static async start(databaseUrl: string): Promise<DatabaseProxy> {
    const server = createServer();
    const proxy = new DatabaseProxy(server, new URL(databaseUrl));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    const url = new URL(this.target.href);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  /** Resolves when the first statement for which `isHere` holds is caught and `spring` was called; or once it is lifted. */
  setTrap(isHere: Trap['isHere'], when: Trap['when'], spring: () => void): Promise<void> {
    this.seen = 0;
    return new Promise((resolve) => {
      this.trap = {
        isHere,
        when,
        spring: () => {
          this.trap = undefined;
          spring();
          resolve();
        },
      };
    });
  }

  lift(): void {
    this.trap = undefined;
  }

  async close(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private carry(client: Socket): void {
    const database = connect(Number(this.target.port), this.target.hostname);
    for (const socket of [client, database]) {
      this.open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.open.delete(socket);
        client.destroy();
        database.destroy();
      });
    }
    let isCaught = false;
    let caught: Trap | undefined;
    const statements = statementsOf((sql) => {
      this.seen += 1;
      if (this.trap?.isHere({ number: this.seen, sql })) {
        caught = this.trap;
        this.trap = undefined;
      }
    });
    client.on('data', (part: Buffer) => {
      if (isCaught) return;
      statements(part);
      isCaught = caught !== undefined;
      if (caught?.when === 'before') caught.spring();
      else database.write(part);
    });
    const isAnswered = endOfAnswer();
    database.on('data', (part: Buffer) => {
      if (!isCaught) client.write(part);
      else if (isAnswered(part)) caught?.spring();
    });
  }
}

/**
 * Reads what the database sends from the beginning of an answer on: has it been given? It ends with "ready for query",
 * after which a notification may follow at once, or with "copy in", which waits for the client.
 */
function endOfAnswer(): (part: Buffer) => boolean {
  let buffered = Buffer.alloc(0);
  return (part) => {
    buffered = Buffer.concat([buffered, part]);
    while (buffered.length >= 5 && buffered.length >= 1 + buffered.readInt32BE(1)) {
      const type = String.fromCharCode(buffered[0] ?? 0);
      buffered = buffered.subarray(1 + buffered.readInt32BE(1));
      if (type === 'Z' || type === 'G') return true;
    }
    return false;
  };
}

/** Reads what a client sends (PostgreSQL's protocol 3): calls `onStatement` for each one that is executed. */
function statementsOf(onStatement: (sql: string) => void): (part: Buffer) => void {
  let [buffered, hasBegun, bound] = [Buffer.alloc(0), false, ''];
  // A prepared statement is read once and bound by its name ever after; '' is the one without.
  const texts = new Map<string, string>();
  return (part) => {
    buffered = Buffer.concat([buffered, part]);
    for (;;) {
      const head = hasBegun ? 1 : 0;
      if (buffered.length < head + 4) return;
      const end = head + buffered.readInt32BE(head);
      if (buffered.length < end) return;
      const [type, body] = [hasBegun ? String.fromCharCode(buffered[0] ?? 0) : '', buffered.subarray(head + 4, end)];
      buffered = buffered.subarray(end);
      hasBegun = true;
      const words = (): string[] => body.toString('utf8').split('\0', 2);
      if (type === 'P') texts.set(words()[0] ?? '', words()[1] ?? '');
      if (type === 'B') bound = texts.get(words()[1] ?? '') ?? '';
      if (type === 'E') onStatement(bound);
      if (type === 'Q') onStatement(body.toString('utf8').replace(/\0.*$/s, ''));
    }
  };
}
