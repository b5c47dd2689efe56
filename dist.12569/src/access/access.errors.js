// Each is told to programs in English, and to people on pages in their language.
import { AppError, InvalidFields } from '../http/index.js';
import { sentence, wordsFor } from '../language/index.js';
const english = (said)=>wordsFor('en').tell(said);
export class MethodNotOffered extends AppError {
    static code = 'method-not-offered';
    static status = 403;
    static title = 'This way is not offered';
    sentence;
    constructor(contact){
        const said = sentence('trouble.methodNotOffered', {
            contact
        });
        super(english(said));
        this.sentence = said;
    }
}
export class NotAsRecorded extends AppError {
    static code = 'not-as-recorded';
    static status = 422;
    static title = 'This does not fit the data';
}
export class TooManyTries extends AppError {
    retryAfterSeconds;
    static code = 'too-many-logons';
    static status = 429;
    static title = 'Too many refused logons';
    sentence;
    constructor(retryAfterSeconds){
        const said = sentence('trouble.tooManyLogons', {
            minutes: Math.ceil(retryAfterSeconds / 60)
        });
        super(english(said)), this.retryAfterSeconds = retryAfterSeconds;
        this.sentence = said;
    }
}
/** A copy cannot start as it was asked for; `field` is at fault. */ export class CopyNotPossible extends InvalidFields {
    sentence;
    constructor(field, sentence){
        super([
            {
                path: field,
                message: english(sentence)
            }
        ]), this.sentence = sentence;
    }
}
/** A GET never starts, counts or says anything: mail scanners send it too. */ export class OnlyByButton extends AppError {
    static code = 'method-not-allowed';
    static status = 405;
    static title = 'This address takes POST only';
    allow = 'POST';
    constructor(){
        super('This address is behind a button: open the link from the mail and use the button there, or send a POST.');
    }
}

//# sourceMappingURL=access.errors.js.map
