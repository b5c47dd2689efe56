export { Command, Facts, renderMail, Typed } from './mail-layout.js';
export { unlinked } from './unlinked.rules.js';
export { pageHeaders } from './page-headers.js';
export { type PageWords, pageWords } from './page-words.js';
export { renderPage, SCRIPT_PATH, STYLE_SHEET_PATH } from './page-layout.js';
export { PAGE_SCRIPT } from './page-script.js';
export { PROGRAM_NAME } from './program-name.js';
export { STYLE_SHEET } from './style-sheet.js';
export { Html, NOTHING, Template } from './template.js';
