// Patterns of names: `*` stands for any run of characters, `?` for one, everything else for itself. A name is gone
// through once, and again only for what follows the latest `*`, so that a match costs about the length of the name times that
// of the pattern at worst, whatever stands in them.
/** What a matcher reads of a text. */ const STAR = 42;
const QUESTION_MARK = 63;
export const isPattern = (text)=>/[*?]/.test(text);
/** Tells of a text whether the whole of it is as the pattern says. */ export function globMatcher(pattern) {
    const codes = Array.from({
        length: pattern.length
    }, (_, index)=>pattern.charCodeAt(index));
    const shortest = codes.filter((code)=>code !== STAR).length;
    return (text)=>text.length >= shortest && matches(codes, text);
}
function matches(pattern, text) {
    let [at, next] = [
        0,
        0
    ];
    /** Where the pattern goes on after the latest `*`, and where in the text the part after it was tried. */ let [afterStar, tried] = [
        -1,
        0
    ];
    while(at < text.length){
        const wanted = pattern[next];
        if (wanted === STAR) {
            next += 1;
            if (next === pattern.length) return true;
            [afterStar, tried] = [
                next,
                at
            ];
        } else if (wanted === QUESTION_MARK) {
            at += widthAt(text, at);
            next += 1;
        } else if (wanted !== undefined && wanted === text.charCodeAt(at)) {
            at += 1;
            next += 1;
        } else if (afterStar >= 0) {
            tried += widthAt(text, tried);
            [at, next] = [
                tried,
                afterStar
            ];
        } else return false;
    }
    while(pattern[next] === STAR)next += 1;
    return next === pattern.length;
}
/** A character outside the basic plane takes two places. */ function widthAt(text, at) {
    const isFirstOfTwo = (text.charCodeAt(at) & 0xfc00) === 0xd800;
    return isFirstOfTwo && at + 1 < text.length && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00 ? 2 : 1;
}

//# sourceMappingURL=glob.js.map
