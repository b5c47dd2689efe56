export { chooseLanguage } from './choice.rules.js';
export { factsOf, isLanguage, type Language, LANGUAGES } from './languages.js';
export { isSentence, type Sentence, sentence } from './messages.js';
export { Words, wordsFor } from './words.js';
