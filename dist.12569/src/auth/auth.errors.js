// Refusals of callers. They never repeat what was sent.
import { AppError } from '../http/index.js';
export class KeyNeeded extends AppError {
    static code = 'key-needed';
    static status = 401;
    static title = 'A key is needed';
    constructor(){
        super('Send `Authorization: Bearer KEY` with a key that is valid here.');
    }
}
/** An expired, revoked or vanished delivery's link; `contact` is whom to ask. */ export class LinkGone extends AppError {
    contact;
    languages;
    moreTime;
    static code = 'link-gone';
    static status = 410;
    static title = 'This link is no longer valid';
    constructor(contact, languages, /** Set where more time can be asked for. */ moreTime = null){
        super(`This link is no longer valid. Please ask ${contact.name} (${contact.email}).`), this.contact = contact, this.languages = languages, this.moreTime = moreTime;
    }
}
export class LinkUnknown extends AppError {
    static code = 'link-unknown';
    static status = 404;
    static title = 'This link is not known';
    constructor(){
        super('This link is not known here. Was it copied whole?');
    }
}
/** An ended link, again and again. */ export class AskedTooOften extends AppError {
    retryAfterSeconds;
    static code = 'asked-too-often';
    static status = 429;
    static title = 'Asked too often';
    constructor(retryAfterSeconds){
        super(`This link has ended, and was asked for too often; wait ${retryAfterSeconds} seconds.`), this.retryAfterSeconds = retryAfterSeconds;
    }
}
export class TooManyGuesses extends AppError {
    retryAfterSeconds;
    static code = 'too-many-unknown-links';
    static status = 429;
    static title = 'Too many unknown links';
    constructor(retryAfterSeconds){
        super(`Too many links that are not known here came from this network; wait ${retryAfterSeconds} seconds.`), this.retryAfterSeconds = retryAfterSeconds;
    }
}

//# sourceMappingURL=auth.errors.js.map
