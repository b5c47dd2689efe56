// The lines of a manifest as they stand in its asset, made here from rows of the database: PostgreSQL takes four times as
// long to make texts of them. How many bytes they come to must be known before the first is sent.

import { CopiedRows } from '../../database/index.js';

const PATH = Buffer.from('{"path":');
const SIZE = Buffer.from(',"size":');
const SUM = Buffer.from(',"crc32":"');
const TIME = Buffer.from('","mtime":');
const NO_TIME = Buffer.from('null');
const FILE_END = Buffer.from('}\n');
const DIRECTORY_END = Buffer.from(',"type":"directory"}\n');

/** As `toISOString` writes it, with its quotes: of years of four digits, and of the others. */
const TIME_BYTES = 26;
const LONG_TIME_BYTES = 29;
const DAY_MS = 86_400_000;

/** The id is put in as text: COPY takes no parameters. In the order in which the client sent the lines. */
export const contentRows = (manifestId: string): string =>
  `select path, size, crc32, modified_at from manifest_entry where manifest_id = '${checkedId(manifestId)}' order by line`;

/** The number of bytes that `ManifestContent` makes of `contentRows`, as `bytes`. */
export const contentLength = (manifestId: string): string => `
  select coalesce(sum(
           octet_length(to_json(path)::text) +
           case
             when crc32 is null then ${PATH.length + 1 + DIRECTORY_END.length}
             else ${PATH.length + SIZE.length + SUM.length + TIME.length + FILE_END.length} +
                  length(size::text) + octet_length(crc32) +
                  case
                    when modified_at is null then ${NO_TIME.length}
                    when modified_at >= '0001-01-01 00:00:00Z BC' and modified_at < '10000-01-01 00:00:00Z' then ${TIME_BYTES}
                    else ${LONG_TIME_BYTES}
                  end
           end), 0)::bigint as bytes
    from manifest_entry
   where manifest_id = '${checkedId(manifestId)}'`;

function checkedId(manifestId: string): string {
  if (!/^[0-9a-f-]{36}$/.test(manifestId)) throw new Error('The id of a manifest is none.');
  return manifestId;
}

const BUFFER_BYTES = 256 * 1024;
/** Of a line, beside its path. */
const MOST_BESIDE = 256;
/** A byte of a path takes so many in JSON at most. */
const LONGEST_ESCAPE = 6;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const [PATH_FIELD, SIZE_FIELD, SUM_FIELD, TIME_FIELD] = [0, 1, 2, 3] as const;

/** Makes lines of the rows of `contentRows` as they come. */
export class ManifestContent {
  private readonly rows = new CopiedRows(4);
  private buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  private at = 0;
  /** Of the time before, mostly of the same day. */
  private day = Number.NaN;
  private date = '';

  /** The lines of the rows that end in this part. */
  lines(part: Buffer): Buffer {
    const { rows } = this;
    rows.add(part);
    let begin = this.at;
    while (rows.next()) {
      const most = (rows.end(PATH_FIELD) - rows.begin(PATH_FIELD)) * LONGEST_ESCAPE + MOST_BESIDE;
      if (this.at + most > this.buffer.length) {
        const written = this.buffer.subarray(begin, this.at);
        this.buffer = Buffer.allocUnsafe(Math.max(BUFFER_BYTES, (written.length + most) * 2));
        this.at = written.copy(this.buffer);
        begin = 0;
      }
      this.line();
    }
    return this.buffer.subarray(begin, this.at);
  }

  private line(): void {
    const { rows } = this;
    this.put(PATH, 0, PATH.length);
    if (rows.isNull(SUM_FIELD)) {
      this.path('/');
      this.put(DIRECTORY_END, 0, DIRECTORY_END.length);
      return;
    }
    this.path('');
    this.put(SIZE, 0, SIZE.length);
    this.text(String(rows.bigint(SIZE_FIELD)));
    this.put(SUM, 0, SUM.length);
    this.put(rows.bytes, rows.begin(SUM_FIELD), rows.end(SUM_FIELD));
    this.put(TIME, 0, TIME.length);
    if (rows.isNull(TIME_FIELD)) this.put(NO_TIME, 0, NO_TIME.length);
    else this.time(rows.milliseconds(TIME_FIELD));
    this.put(FILE_END, 0, FILE_END.length);
  }

  private path(end: string): void {
    const { bytes } = this.rows;
    const from = this.rows.begin(PATH_FIELD);
    const to = this.rows.end(PATH_FIELD);
    const begin = this.at;
    this.buffer[this.at++] = QUOTE;
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte < 0x20 || byte === QUOTE || byte === BACKSLASH) {
        this.at = begin + this.buffer.write(JSON.stringify(bytes.toString('utf8', from, to) + end), begin);
        return;
      }
      this.buffer[this.at++] = byte;
    }
    this.text(`${end}"`);
  }

  private time(milliseconds: number): void {
    const day = Math.floor(milliseconds / DAY_MS);
    if (day !== this.day) {
      this.day = day;
      this.date = new Date(day * DAY_MS).toISOString().replace(/T.*/, '');
    }
    const ofDay = milliseconds - day * DAY_MS;
    this.text(`"${this.date}T`);
    this.digits(Math.floor(ofDay / 3_600_000), 2);
    this.text(':');
    this.digits(Math.floor(ofDay / 60_000) % 60, 2);
    this.text(':');
    this.digits(Math.floor(ofDay / 1_000) % 60, 2);
    this.text('.');
    this.digits(ofDay % 1_000, 3);
    this.text('Z"');
  }

  private digits(value: number, count: number): void {
    let left = value;
    for (let at = this.at + count - 1; at >= this.at; at -= 1) {
      this.buffer[at] = ZERO + (left % 10);
      left = Math.floor(left / 10);
    }
    this.at += count;
  }

  /** Of ASCII. */
  private text(text: string): void {
    for (let index = 0; index < text.length; index += 1) this.buffer[this.at++] = text.charCodeAt(index);
  }

  private put(bytes: Uint8Array, from: number, to: number): void {
    for (let at = from; at < to; at += 1) this.buffer[this.at++] = bytes[at] ?? 0;
  }
}
