// COPY of many rows in one pass with bounded memory, on a few connections of its own so that long streams never
// starve the statements of requests.
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
/** For work of this server itself, such as listings. */ export class CopyStreams {
    pool;
    constructor(pool){
        this.pool = pool;
    }
    /**
   * Streams `source`, made with `CopyRows`, into `table (columns)` and then runs `finish` in the same transaction. What either throws undoes everything. Resolves to what `finish` answers.
   * @param prepare a statement that makes a temporary table to load into
   */ async load(table, columns, source, finish, prepare) {
        return this.connected(async (client)=>{
            await client.query('begin');
            try {
                if (prepare !== undefined) await client.query(prepare);
                const into = copyFrom(`copy ${table} (${columns.join(', ')}) from stdin (format binary)`);
                await pipeline(source, client.query(into));
                const answer = await finish(client);
                await client.query('commit');
                return answer;
            } catch (error) {
                await client.query('rollback');
                throw error;
            }
        });
    }
    /** The rows of a query in the binary form, for `CopiedRows`. */ async *rows(query) {
        const client = await this.pool.connect();
        let isWhole = false;
        try {
            const stream = client.query(copyTo(`copy (${query}) to stdout (format binary)`));
            for await (const part of stream)yield part;
            isWhole = true;
        } finally{
            // One whose COPY was cut in the middle is given up.
            client.release(!isWhole);
        }
    }
    async close() {
        await this.pool.end();
    }
    async connected(work) {
        const client = await this.pool.connect();
        let failure;
        try {
            return await work(client);
        } catch (error) {
            failure = error instanceof Error ? error : new Error(String(error));
            throw error;
        } finally{
            // A connection whose COPY was cut in the middle may be unusable: give it up.
            client.release(failure);
        }
    }
}
/** For streams that come from clients, however slowly: on connections that nothing else waits for. */ export class ClientStreams extends CopyStreams {
}

//# sourceMappingURL=copy-streams.js.map
