export { Command, Facts, renderMail, Typed } from './mail-layout.js';
export { unlinked } from './unlinked.rules.js';
export { pageHeaders } from './page-headers.js';
export { type PageWords, pageWords } from './page-words.js';
export { renderPage, STYLE_SHEET, STYLE_SHEET_PATH } from './page-layout.js';
