// Requests behind a link, one row each, and what a live token makes of them.

export interface Step {
  method: string;
  /** `S` is the link, `U` the address that stops reminders, `A` the API's. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface Row {
  name: string;
  /** The last one's status is looked at. */
  steps: Step[];
  live: number;
  /** Of an ended and of an unknown token; 410 and 404 unless something else is right. */
  ended?: number;
  /** Events on a live token, `+` before one that counts. */
  recorded: string[];
  doubts?: string[];
}

const browser = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const step = (method: string, path: string, headers: Record<string, string> = {}, body?: string): Step => ({
  method,
  path,
  headers,
  ...(body === undefined ? {} : { body }),
});
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const html = { accept: 'text/html' };
const viewed = ['page viewed'];
export const HIDDEN = 'S/not-for-people';

export const ROWS: Row[] = [
  { name: 'GET of the page', steps: [step('GET', 'S', html)], live: 200, recorded: viewed },
  {
    name: 'GET that wants JSON',
    steps: [step('GET', 'S', { accept: 'application/json' })],
    live: 200,
    recorded: viewed,
  },
  { name: 'HEAD of the page', steps: [step('HEAD', 'S')], live: 200, recorded: viewed },
  {
    name: 'GET with Sec-Purpose: prefetch',
    steps: [step('GET', 'S', { 'sec-purpose': 'prefetch;prerender' })],
    live: 200,
    recorded: viewed,
  },
  {
    name: 'GET with Purpose: prefetch',
    steps: [step('GET', 'S', { purpose: 'prefetch' })],
    live: 200,
    recorded: viewed,
  },
  { name: 'GET with X-Moz: prefetch', steps: [step('GET', 'S', { 'x-moz': 'prefetch' })], live: 200, recorded: viewed },
  { name: 'GET of a range', steps: [step('GET', 'S', { range: 'bytes=0-99' })], live: 200, recorded: viewed },
  { name: 'GET of what is cached', steps: [step('GET', 'S', { 'if-none-match': '*' })], live: 200, recorded: viewed },
  { name: 'GET without a User-Agent', steps: [step('GET', 'S', { 'user-agent': '' })], live: 200, recorded: viewed },
  {
    name: 'GET by a program that calls itself a bot',
    steps: [step('GET', 'S', { 'user-agent': 'examplebot/1' })],
    live: 200,
    recorded: viewed,
  },
  {
    name: 'GET with a query that a gateway added',
    steps: [step('GET', 'S?utm_source=mail')],
    live: 200,
    recorded: viewed,
  },
  { name: 'GET of /direct', steps: [step('GET', 'S/direct', html)], live: 405, recorded: [] },
  { name: 'HEAD of /direct', steps: [step('HEAD', 'S/direct')], live: 405, recorded: [] },
  {
    name: 'GET of /direct with prefetch',
    steps: [step('GET', 'S/direct', { 'sec-purpose': 'prefetch' })],
    live: 405,
    recorded: [],
  },
  { name: 'GET of /done', steps: [step('GET', 'S/done')], live: 405, recorded: [] },
  { name: 'HEAD of /done', steps: [step('HEAD', 'S/done')], live: 405, recorded: [] },
  { name: 'GET of /undone', steps: [step('GET', 'S/undone')], live: 405, recorded: [] },
  { name: 'GET of /not-received', steps: [step('GET', 'S/not-received')], live: 405, recorded: [] },
  { name: 'GET of /direct-confirm', steps: [step('GET', 'S/direct-confirm')], live: 200, recorded: [] },
  { name: 'GET of the files', steps: [step('GET', 'S/files')], live: 200, recorded: [] },
  { name: 'GET of a folder that is none', steps: [step('GET', 'S/files?path=x')], live: 404, recorded: [] },
  { name: 'PUT of the page', steps: [step('PUT', 'S')], live: 404, ended: 404, recorded: [] },
  { name: 'DELETE of the page', steps: [step('DELETE', 'S')], live: 404, ended: 404, recorded: [] },
  { name: 'OPTIONS of the page', steps: [step('OPTIONS', 'S')], live: 404, ended: 404, recorded: [] },
  { name: 'PATCH of /direct', steps: [step('PATCH', 'S/direct')], live: 404, ended: 404, recorded: [] },
  {
    name: 'POST /direct without body and content type',
    steps: [step('POST', 'S/direct')],
    live: 303,
    recorded: ['+direct attempted'],
  },
  {
    name: 'POST /direct by the button',
    steps: [step('POST', 'S/direct', { ...form, ...html }, '')],
    live: 303,
    recorded: ['+direct attempted'],
  },
  {
    name: 'POST /direct with browser=false',
    steps: [step('POST', 'S/direct', form, 'browser=false')],
    live: 303,
    recorded: ['+direct attempted'],
  },
  {
    name: 'POST /direct with JSON that cannot be read',
    steps: [step('POST', 'S/direct', { 'content-type': 'application/json' }, '{x')],
    live: 303,
    recorded: ['+direct attempted'],
  },
  {
    name: 'POST /direct with a strange content type',
    steps: [step('POST', 'S/direct', { 'content-type': 'text/strange' }, 'x')],
    live: 303,
    recorded: ['+direct attempted'],
  },
  {
    name: 'POST of the page with browser=false',
    steps: [step('POST', 'S', form, 'browser=false')],
    live: 303,
    recorded: ['+direct attempted'],
  },
  { name: 'POST of the page without anything', steps: [step('POST', 'S')], live: 303, recorded: ['+direct attempted'] },
  {
    name: 'POST /direct with a range',
    steps: [step('POST', 'S/direct', { range: 'bytes=0-0' })],
    live: 303,
    recorded: ['+direct attempted'],
  },
  {
    name: 'POST /direct just after a HEAD',
    steps: [step('HEAD', 'S'), step('POST', 'S/direct')],
    live: 303,
    recorded: ['page viewed', '+direct attempted'],
    doubts: ['head-just-before'],
  },
  {
    name: 'POST /direct by a program that calls itself a scanner',
    steps: [step('POST', 'S/direct', { 'user-agent': 'Example-LinkScanner scanner/2' })],
    live: 303,
    recorded: ['+direct attempted'],
    doubts: ['calls-itself-scanner'],
  },
  { name: 'POST /done without body', steps: [step('POST', 'S/done')], live: 204, recorded: ['page done'] },
  {
    name: 'POST /done by the button',
    steps: [step('POST', 'S/done', { ...form, ...html }, '')],
    live: 303,
    recorded: ['page done'],
  },
  {
    name: 'POST /done with a strange content type',
    steps: [step('POST', 'S/done', { 'content-type': 'text/strange' }, 'x')],
    live: 204,
    recorded: ['page done'],
  },
  { name: 'POST /undone', steps: [step('POST', 'S/undone')], live: 204, recorded: ['page undone'] },
  {
    name: 'POST /direct, then /not-received',
    steps: [step('POST', 'S/direct'), step('POST', 'S/not-received')],
    live: 204,
    recorded: ['direct attempted', 'page not-received'],
  },
  {
    name: 'POST /not-received, then /received by the button',
    steps: [step('POST', 'S/not-received'), step('POST', 'S/received', { ...form, ...html }, 'x=1')],
    live: 303,
    recorded: ['page not-received', 'page received'],
  },
  {
    name: 'hidden link, then POST /not-received',
    steps: [step('GET', HIDDEN), step('POST', 'S/not-received')],
    live: 200,
    recorded: ['page viewed', 'page not-received'],
  },
  { name: 'GET of the hidden link', steps: [step('GET', HIDDEN)], live: 200, recorded: viewed },
  { name: 'HEAD of the hidden link', steps: [step('HEAD', HIDDEN)], live: 200, recorded: viewed },
  {
    name: 'hidden link, then POST /direct',
    steps: [step('GET', HIDDEN), step('POST', 'S/direct')],
    live: 303,
    recorded: ['page viewed', 'direct attempted'],
  },
  {
    name: 'HEAD of the hidden link, then POST /direct',
    steps: [step('HEAD', HIDDEN), step('POST', 'S/direct')],
    live: 303,
    recorded: ['page viewed', 'direct attempted'],
    doubts: ['head-just-before'],
  },
  {
    name: 'hidden link prefetched, then POST /direct',
    steps: [step('GET', HIDDEN, { 'sec-purpose': 'prefetch' }), step('POST', 'S/direct')],
    live: 303,
    recorded: ['page viewed', '+direct attempted'],
  },
  {
    name: 'POST /direct, then the hidden link',
    steps: [step('POST', 'S/direct'), step('GET', HIDDEN)],
    live: 200,
    recorded: ['direct attempted', 'page viewed'],
  },
  {
    name: 'a scanner’s whole replay',
    steps: [
      step('HEAD', 'S'),
      step('GET', 'S'),
      step('POST', 'S/direct'),
      step('POST', 'S/done'),
      step('GET', HIDDEN),
      step('POST', 'S/direct'),
      step('POST', 'S/done'),
    ],
    live: 200,
    recorded: [
      'page viewed',
      'page viewed',
      'direct attempted',
      'page done',
      'page viewed',
      'page undone',
      'direct attempted',
      'page done',
    ],
    doubts: ['head-just-before'],
  },
  {
    name: 'hidden link, then POST /done',
    steps: [step('GET', HIDDEN), step('POST', 'S/done')],
    live: 200,
    recorded: ['page viewed', 'page done'],
  },
  {
    name: 'hidden link, then another program at the same address',
    steps: [step('GET', HIDDEN), step('POST', 'S/direct', { 'user-agent': browser })],
    live: 303,
    recorded: ['page viewed', '+direct attempted'],
  },
  { name: 'GET of the copy form', steps: [step('GET', 'S/copy')], live: 200, recorded: [] },
  { name: 'POST of the copy form without anything', steps: [step('POST', 'S/copy')], live: 422, recorded: [] },
  { name: 'GET of the API', steps: [step('GET', 'A')], live: 200, recorded: [] },
  { name: 'GET of the API’s files', steps: [step('GET', 'A/files')], live: 200, recorded: [] },
  { name: 'POST of a download', steps: [step('POST', 'A/downloads')], live: 201, recorded: ['data-mover started'] },
  {
    name: 'POST of a download by a scanner',
    steps: [step('GET', HIDDEN), step('POST', 'A/downloads')],
    live: 201,
    recorded: ['page viewed', 'data-mover started'],
  },
  { name: 'GET of the address that stops reminders', steps: [step('GET', 'U')], live: 200, recorded: [] },
  { name: 'HEAD of the address that stops reminders', steps: [step('HEAD', 'U')], live: 200, recorded: [] },
  {
    name: 'POST to it, as mail programs send it',
    steps: [step('POST', 'U', form, 'List-Unsubscribe=One-Click')],
    live: 200,
    recorded: ['page opted-out'],
  },
  {
    name: 'POST to it by a scanner',
    steps: [step('GET', HIDDEN), step('POST', 'U')],
    live: 200,
    recorded: ['page viewed', 'page opted-out'],
  },
  { name: 'POST of its undo', steps: [step('POST', 'U/undo')], live: 200, recorded: ['page opted-in'] },
];
