import { expect, it } from '@jest/globals';
import { programOf } from './client-programs.rules.js';

it.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'browser'],
  ['Lynx/2.9.0 libwww-FM/2.14', 'browser'],
  ['curl/8.5.0', 'command-line'],
  ['Wget/1.21.3', 'command-line'],
  ['python-requests/2.32.0', 'command-line'],
  ['Mozilla/5.0 (Windows NT 10.0; en-AU) WindowsPowerShell/5.1', 'command-line'],
  ['data-mover/0.1.0', 'data-mover'],
  ['Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)', 'mail-scanner'],
  ['Mozilla/5.0 BingPreview/1.0b', 'mail-scanner'],
  ['Mozilla/5.0 (Windows NT 5.1) Gecko/2009 Firefox/11 (via ggpht.com GoogleImageProxy)', 'mail-scanner'],
  ['Barracuda Sentinel (EE)', 'mail-scanner'],
  ['my-site-script', 'other'],
  ['  ', 'none'],
  [undefined, 'none'],
])('%j is %s', (userAgent, program) => {
  expect(programOf(userAgent)).toBe(program);
});
