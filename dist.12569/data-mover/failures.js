// How a command ends. Contract: 0 done and verified, 1 failed and can be run again, 2 wrong use, 3 the link or token is
// no longer valid.
export class Failure extends Error {
    exitCode;
    path;
    status;
    constructor(message, exitCode = 1, /** The file that it is about, where there is one. */ path, /** What the dispatch server answered, where it did. */ status){
        super(message), this.exitCode = exitCode, this.path = path, this.status = status;
    }
}
export const wrongUse = (message)=>new Failure(message, 2);
export const noLongerValid = (message)=>new Failure(message, 3);

//# sourceMappingURL=failures.js.map
