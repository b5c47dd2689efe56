// Waiting for a server that is away: longer from try to try, with each reason shown once, up to a limit.
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from './failures.js';
import { nextWaitMs } from './patience.rules.js';
import { duration } from './report/units.js';
/** It stayed away for longer than it is waited for. */ export class StillAway extends Failure {
    reason;
    /** @param status what the dispatch server answered; undefined where nothing did */ constructor(reason, status){
        super(`${reason} Run the same command again to go on.`, 1, undefined, status), this.reason = reason;
    }
}
/** A timer of Node holds 24.8 days; a longer one would go off at once. */ const LONGEST_TIMER_MS = 86_400_000;
/** A server may say something new at each try. */ const MOST_REASONS = 20;
/** One for each server, so that many calls that find it away say so once. */ export class Patience {
    options;
    awaySince;
    told = new Set();
    constructor(options){
        this.options = options;
    }
    /**
   * @param giveUpAfterMs another limit than the usual one
   * @throws StillAway
   */ async until(work, giveUpAfterMs = this.options.giveUpAfterMs) {
        const start = performance.now();
        for(let tries = 1;; tries += 1){
            const tried = await work();
            if ('value' in tried) {
                this.isBack();
                return tried.value;
            }
            const { away, retryAfterMs, status } = tried;
            const elapsedMs = performance.now() - start;
            const wait = nextWaitMs({
                tries,
                retryAfterMs,
                elapsedMs,
                giveUpAfterMs,
                random: Math.random()
            });
            if (wait === undefined) throw new StillAway(away, status);
            this.isAway(away, wait, retryAfterMs !== undefined && wait >= retryAfterMs, giveUpAfterMs - elapsedMs);
            await this.pause(wait);
        }
    }
    async pause(wait) {
        const { signal } = this.options;
        for(let left = wait; left > 0; left -= LONGEST_TIMER_MS)await delay(Math.min(left, LONGEST_TIMER_MS), undefined, {
            signal
        });
    }
    isAway(reason, wait, asItAsked, left) {
        this.awaySince ??= performance.now();
        if (this.told.has(reason) || this.told.size >= MOST_REASONS) return;
        this.told.add(reason);
        const next = asItAsked ? `next try in ${duration(wait / 1_000)}, as it asks` : 'it is tried again and again';
        this.options.note(`${reason} Waiting for it, for up to ${duration(left / 1_000)}; ${next} …`);
    }
    isBack() {
        if (this.awaySince === undefined) return;
        const away = (performance.now() - this.awaySince) / 1_000;
        this.awaySince = undefined;
        this.told.clear();
        this.options.note(`It answers again, after ${duration(away)}; going on.`);
    }
}

//# sourceMappingURL=patience.js.map
