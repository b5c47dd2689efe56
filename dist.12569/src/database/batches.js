// Many small writes of requests that come at once, as one statement with one commit.
/**
 * While one batch is being written, what comes meanwhile waits and is the next one: nobody waits for more than two
 * commits, and alone nobody waits at all.
 */ export class Batches {
    write;
    atMost;
    waiting = [];
    isWriting = false;
    /** @param write all of them or, when it throws, none */ constructor(write, atMost = 100){
        this.write = write;
        this.atMost = atMost;
    }
    /** Resolves when it is written. What cannot be written keeps no other from it. */ add(item) {
        return new Promise((done, failed)=>{
            this.waiting.push({
                item,
                done,
                failed
            });
            if (this.isWriting) return;
            this.isWriting = true;
            // Requests that arrived together have all come this far by then.
            setImmediate(()=>void this.writeAll());
        });
    }
    async writeAll() {
        while(this.waiting.length > 0)await this.writeThese(this.waiting.splice(0, this.atMost));
        this.isWriting = false;
    }
    async writeThese(batch) {
        try {
            await this.write(batch.map(({ item })=>item));
            for (const { done } of batch)done();
        } catch (error) {
            if (batch.length > 1) await Promise.all(batch.map((one)=>this.writeThese([
                    one
                ])));
            else batch[0]?.failed(error);
        }
    }
}

//# sourceMappingURL=batches.js.map
