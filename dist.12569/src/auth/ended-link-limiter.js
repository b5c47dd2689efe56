function _ts_decorate(decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") {
        r = Reflect.decorate(decorators, target, key, desc);
    } else {
        for(var i = decorators.length - 1; i >= 0; i--){
            if (d = decorators[i]) {
                r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
            }
        }
    }
    return c > 3 && r && Object.defineProperty(target, key, r), r;
}
// Links that have ended are known, so that nothing is to be guessed with them: the limit only keeps a loop from being
// answered in full. Of one link and one network, so that a scanner keeps no person elsewhere from the page.
import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AskedTooOften } from './auth.errors.js';
import { networkOf } from './networks.js';
const A_MINUTE = 240;
export class EndedLinkLimiter {
    limiter = new RateLimiterMemory({
        keyPrefix: 'ended_link',
        points: A_MINUTE,
        duration: 60
    });
    /** @throws AskedTooOften */ async count(deliveryId, address) {
        try {
            await this.limiter.consume(`${deliveryId} ${networkOf(address)}`);
        } catch (error) {
            if (error instanceof RateLimiterRes) throw new AskedTooOften(Math.max(1, Math.ceil(error.msBeforeNext / 1000)));
            throw error;
        }
    }
}
EndedLinkLimiter = _ts_decorate([
    Injectable()
], EndedLinkLimiter);

//# sourceMappingURL=ended-link-limiter.js.map
