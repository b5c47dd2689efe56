// The services that a fault passed on its way out, the innermost first. The context of an error reply shows them
// (reference 1.5).
import { ServiceFault } from '../faults.js';
let FaultInCall = class FaultInCall extends ServiceFault {
    frames;
    constructor(fault, message, frames){
        super(message, fault.cause_), this.frames = frames;
    }
};
/** Empty for a fault of no service. */ export const framesOf = (error)=>error instanceof FaultInCall ? error.frames : [];
/** The fault in other words, with the services that it passed so far and the one it passes now. Any other error stays as it is. */ export function passing(error, reword, frame) {
    if (!(error instanceof ServiceFault)) return error;
    return new FaultInCall(error, reword(error.message), [
        ...framesOf(error),
        ...frame ? [
            frame
        ] : []
    ]);
}

//# sourceMappingURL=call-frames.js.map
