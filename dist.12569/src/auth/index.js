export { AuthModule } from './auth.module.js';
export { Caller, LinkOf, ShareableOf } from './caller.decorators.js';
export { CallerResolvers } from './callers.js';
export { EndedLinkLimiter } from './ended-link-limiter.js';
export { GuessLimiter } from './guess-limiter.js';
export { installJudge } from './judge.js';
export { AskedTooOften, LinkGone, LinkUnknown, TooManyGuesses } from './auth.errors.js';
export { SecretKeys } from './secret-keys.js';
export { newToken, tokenHash } from './token.js';

//# sourceMappingURL=index.js.map
