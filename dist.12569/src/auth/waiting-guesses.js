// Unknown tokens wait before they are answered. Waiting costs us memory and a connection, so only so many wait at once,
// of one network and in all; more are turned away at once.
const AT_ONCE_OF_A_NETWORK = 50;
const AT_ONCE = 500;
export class WaitingGuesses {
    ofNetwork = new Map();
    inAll = 0;
    /** Runs `wait`; false, at once, where too many wait already. */ async enter(network, wait) {
        const waiting = this.ofNetwork.get(network) ?? 0;
        if (waiting >= AT_ONCE_OF_A_NETWORK || this.inAll >= AT_ONCE) return false;
        this.ofNetwork.set(network, waiting + 1);
        this.inAll += 1;
        try {
            await wait();
            return true;
        } finally{
            this.inAll -= 1;
            const left = (this.ofNetwork.get(network) ?? 1) - 1;
            if (left === 0) this.ofNetwork.delete(network);
            else this.ofNetwork.set(network, left);
        }
    }
}

//# sourceMappingURL=waiting-guesses.js.map
