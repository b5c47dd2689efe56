export { chooseLanguage, type LanguageWishes } from './choice.rules.js';
export { factsOf, isLanguage, type Language, LANGUAGES } from './languages.js';
export { type Sentence, sentence } from './messages.js';
export { type Words, wordsFor } from './words.js';
