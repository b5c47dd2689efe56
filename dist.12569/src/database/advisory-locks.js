// Locks that all processes on one database respect, for work outside it that must not run twice at once. They are held
// on connections of their own, without a transaction, and end with the connection when a process dies.
export class AdvisoryLocks {
    pool;
    constructor(pool){
        this.pool = pool;
    }
    /** Runs `work` while no other process runs any for the same `key`. */ async run(key, work) {
        const client = await this.pool.connect();
        let failure;
        try {
            await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [
                key
            ]);
            try {
                return await work();
            } finally{
                await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [
                    key
                ]).catch((error)=>{
                    // The connection is given up below, and the lock ends with it.
                    failure = error;
                });
            }
        } finally{
            client.release(failure);
        }
    }
    async close() {
        await this.pool.end();
    }
}

//# sourceMappingURL=advisory-locks.js.map
