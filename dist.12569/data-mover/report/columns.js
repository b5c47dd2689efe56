// How many columns of a terminal a text takes, and how it is made to fit: letters of East Asia and pictures take two, marks
// on a letter none.
const segments = new Intl.Segmenter('en', {
    granularity: 'grapheme'
});
/** Wide in terminals: Unicode's East Asian Width W and F, in blocks. */ const WIDE = /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const UNSEEN = /^[\p{Mark}\p{Cf}\p{Cc}]+$/u;
function columnsOfOne(letter) {
    if (UNSEEN.test(letter)) return 0;
    return WIDE.test(letter) ? 2 : 1;
}
const lettersOf = (text)=>[
        ...segments.segment(text)
    ].map(({ segment })=>segment);
export const columnsOf = (text)=>lettersOf(text).reduce((sum, letter)=>sum + columnsOfOne(letter), 0);
/** The beginning of a text that takes `columns` at most. */ export function startOf(text, columns) {
    return taken(lettersOf(text), columns).join('');
}
/** The end of a text that takes `columns` at most; a path's end tells more than its beginning. */ export function endOf(text, columns) {
    if (columnsOf(text) <= columns) return text;
    return `…${taken(lettersOf(text).reverse(), columns - 1).reverse().join('')}`;
}
function taken(letters, columns) {
    let left = columns;
    const end = letters.findIndex((letter)=>{
        left -= columnsOfOne(letter);
        return left < 0;
    });
    return end < 0 ? [
        ...letters
    ] : letters.slice(0, end);
}

//# sourceMappingURL=columns.js.map
