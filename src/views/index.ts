export { Command, Facts, renderMail, unlinked } from './mail-layout.js';
export { pageHeaders } from './page-headers.js';
export { type PageWords, pageWords } from './page-words.js';
export { renderPage, STYLE_SHEET, STYLE_SHEET_PATH } from './page-layout.js';
