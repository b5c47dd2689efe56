// An event for a calendar, as RFC 5545 and RFC 5546 (PUBLISH) want it: lines folded at 75 octets and never inside a
// character, text escaped, moments in UTC, so that no time zone has to be described.

export interface CalendarEvent {
  /** The same for every edition of one event; a later edition has a higher sequence. */
  uid: string;
  sequence: number;
  /** When this edition was written. */
  writtenAt: Date;
  /** The moment that the event is; it has no length. */
  at: Date;
  summary: string;
  description: string;
  organizer: { name: string; address: string };
  /** A reminder so long before; none if undefined. */
  alarmBeforeSeconds?: number | undefined;
  /** BCP 47. */
  language: string;
}

/** One file with an event for each. */
export function calendarOf(...events: readonly CalendarEvent[]): string {
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//instrument-dispatch//dispatch//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    ...events.flatMap(linesOf),
    'END:VCALENDAR',
  ]
    .map((line) => `${folded(line)}\r\n`)
    .join('');
}

function linesOf(event: CalendarEvent): string[] {
  const language = `;LANGUAGE=${event.language}`;
  return [
    'BEGIN:VEVENT',
    `UID:${escaped(event.uid)}`,
    `SEQUENCE:${event.sequence}`,
    `DTSTAMP:${utc(event.writtenAt)}`,
    `DTSTART:${utc(event.at)}`,
    `SUMMARY${language}:${escaped(event.summary)}`,
    `DESCRIPTION${language}:${escaped(event.description)}`,
    `ORGANIZER;CN=${quoted(event.organizer.name)}:mailto:${event.organizer.address.replaceAll(/[^\x21-\x7e]/gu, encodeURIComponent)}`,
    'CLASS:PRIVATE',
    'STATUS:CONFIRMED',
    'TRANSP:TRANSPARENT',
    ...(event.alarmBeforeSeconds === undefined
      ? []
      : [
          'BEGIN:VALARM',
          'ACTION:DISPLAY',
          `TRIGGER:-PT${Math.round(event.alarmBeforeSeconds)}S`,
          `DESCRIPTION${language}:${escaped(event.summary)}`,
          'END:VALARM',
        ]),
    'END:VEVENT',
  ];
}

/** `20261129T220000Z`; rounded down to the second, so that no more time is promised than there is. */
const utc = (moment: Date): string => moment.toISOString().replace(/[-:]|\.\d+/g, '');

/** Section 3.3.11. Signs that text may not hold become spaces. */
const escaped = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, ' ')
    .replace(/[\\;,]/g, (sign) => `\\${sign}`)
    .replaceAll('\n', '\\n');

/** A parameter's value: no sign escapes the quotes. Section 3.2. */
const quoted = (text: string): string => `"${text.replace(/\p{Cc}/gu, ' ').replaceAll('"', "'")}"`;

const MOST_OCTETS = 75;

/** Section 3.1: a longer line goes on after a line break and a space. */
function folded(line: string): string {
  if (Buffer.byteLength(line) <= MOST_OCTETS) return line;
  const parts: string[] = [];
  let [part, octets] = ['', 0];
  for (const character of line) {
    const length = Buffer.byteLength(character);
    if (octets + length > MOST_OCTETS) {
      parts.push(part);
      [part, octets] = ['', 1];
    }
    part += character;
    octets += length;
  }
  return [...parts, part].join('\r\n ');
}
