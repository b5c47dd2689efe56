// What a person at a terminal sees while files move: a bar with rate and time left, and the files in flight below it.

import { columnsOf, endOf, startOf } from './columns.js';
import type { FileInFlight, Standing } from './tally.js';
import { duration, shown, size } from './units.js';

const USUAL_COLUMNS = 80;
const FEWEST_COLUMNS = 10;

/** Lines that take fewer than `columns`, so that none wraps. */
export function barLines(standing: Standing, columns: number): string[] {
  const room = Math.max(FEWEST_COLUMNS, columns - 1);
  return [headLine(standing, room), ...standing.inFlight.map((file) => fileLine(file, room))];
}

/** The time left is the last to go, and the percentage never does. */
function headLine({ files, ofFiles, bytes, ofBytes, rate, secondsLeft, checked }: Standing, room: number): string {
  const part = ofBytes === 0 ? (ofFiles === 0 ? 1 : files / ofFiles) : Math.min(1, bytes / ofBytes);
  const percent = `${Math.floor(part * 100)}%`;
  const speed = rate > 0 ? [`${size(rate)}/s`] : [];
  const isUnderWay = rate > 0 || checked.bytes > 0;
  const left = isUnderWay && secondsLeft !== undefined ? [`${duration(secondsLeft)} left`] : [];
  const checks = checked.bytes < checked.ofBytes ? [checkedOf(checked)] : [];
  const facts = [`${files} of ${ofFiles} files`, `${size(bytes)} of ${size(ofBytes)}`, ...checks, ...speed, ...left];
  const short = [`${files}/${ofFiles} files`, size(bytes), ...speed, ...left];
  const lines = [
    `${cells(part, 24)} ${percent} ${facts.join(', ')}`,
    `${cells(part, 12)} ${percent} ${facts.join(', ')}`,
    `${cells(part, 12)} ${percent} ${short.join(', ')}`,
    [percent, ...short].join(', '),
    [percent, ...speed, ...left].join(', '),
    [percent, ...left].join(', '),
  ];
  return lines.find((line) => columnsOf(line) <= room) ?? percent;
}

/** What was there before, and is read to see whether it is right. */
export const checkedOf = ({ bytes, ofBytes }: Standing['checked']): string =>
  `${size(bytes)} of ${size(ofBytes)} there already checked`;

const cells = (part: number, count: number): string => {
  const full = Math.floor(part * count);
  return `[${'#'.repeat(full)}${'.'.repeat(count - full)}]`;
};

function fileLine({ path, bytes, ofBytes, isCheck }: FileInFlight, room: number): string {
  const percent = ofBytes === 0 ? 100 : Math.min(100, Math.floor((bytes / ofBytes) * 100));
  const head = `  ${percent}% ${isCheck ? 'checking ' : ''}`;
  return `${head}${shortPath(shown(path), room - columnsOf(head))}`;
}

/** The name of the file stays as long as there is room for it, with its ending if there is not. */
function shortPath(path: string, room: number): string {
  if (columnsOf(path) <= room) return path;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const wanted = columnsOf(name) + 2;
  if (wanted + 2 > room) return endOf(name, room);
  return `${startOf(path, room - wanted)}…/${name}`;
}

/** Paints over what it painted before. */
export class Bar {
  private painted = 0;

  constructor(private readonly out: { write(text: string): void; columns(): number | undefined }) {}

  paint(standing: Standing): void {
    this.paintLines(barLines(standing, this.columns));
  }

  /** One line, cut where the terminal ends. */
  paintText(text: string): void {
    this.paintLines([startOf(text, Math.max(FEWEST_COLUMNS, this.columns - 1))]);
  }

  private get columns(): number {
    return this.out.columns() ?? USUAL_COLUMNS;
  }

  private paintLines(lines: readonly string[]): void {
    this.out.write(`${this.up()}${lines.map((line) => `\x1b[2K${line}\n`).join('')}\x1b[J`);
    this.painted = lines.length;
  }

  clear(): void {
    if (this.painted > 0) this.out.write(`${this.up()}\x1b[J`);
    this.painted = 0;
  }

  private up(): string {
    return this.painted > 0 ? `\x1b[${this.painted}A\r` : '';
  }
}
