// What a person at a terminal sees while files move: a bar with rate and time left, and the files in flight below it.
import { columnsOf, endOf, startOf } from './columns.js';
import { duration, shown, size } from './units.js';
const USUAL_COLUMNS = 80;
const FEWEST_COLUMNS = 10;
/** Lines that take fewer than `columns`, so that none wraps. */ export function barLines(standing, columns) {
    const room = Math.max(FEWEST_COLUMNS, columns - 1);
    return [
        headLine(standing, room),
        ...standing.inFlight.map((file)=>fileLine(file, room))
    ];
}
/** The time left is the last to go, and the percentage never does. */ function headLine({ files, ofFiles, bytes, ofBytes, rate }, room) {
    const part = ofBytes === 0 ? ofFiles === 0 ? 1 : files / ofFiles : Math.min(1, bytes / ofBytes);
    const percent = `${Math.floor(part * 100)}%`;
    const left = rate > 0 ? [
        `${duration((ofBytes - bytes) / rate)} left`
    ] : [];
    const speed = rate > 0 ? [
        `${size(rate)}/s`
    ] : [];
    const facts = [
        `${files} of ${ofFiles} files`,
        `${size(bytes)} of ${size(ofBytes)}`,
        ...speed,
        ...left
    ];
    const short = [
        `${files}/${ofFiles} files`,
        size(bytes),
        ...speed,
        ...left
    ];
    const lines = [
        `${cells(part, 24)} ${percent} ${facts.join(', ')}`,
        `${cells(part, 12)} ${percent} ${facts.join(', ')}`,
        `${cells(part, 12)} ${percent} ${short.join(', ')}`,
        [
            percent,
            ...short
        ].join(', '),
        [
            percent,
            ...speed,
            ...left
        ].join(', '),
        [
            percent,
            ...left
        ].join(', ')
    ];
    return lines.find((line)=>columnsOf(line) <= room) ?? percent;
}
const cells = (part, count)=>{
    const full = Math.floor(part * count);
    return `[${'#'.repeat(full)}${'.'.repeat(count - full)}]`;
};
function fileLine({ path, bytes, ofBytes }, room) {
    const head = `  ${ofBytes === 0 ? 100 : Math.min(100, Math.floor(bytes / ofBytes * 100))}% `;
    return `${head}${shortPath(shown(path), room - columnsOf(head))}`;
}
/** The name of the file stays as long as there is room for it, with its ending if there is not. */ function shortPath(path, room) {
    if (columnsOf(path) <= room) return path;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const wanted = columnsOf(name) + 2;
    if (wanted + 2 > room) return endOf(name, room);
    return `${startOf(path, room - wanted)}…/${name}`;
}
/** Paints over what it painted before. */ export class Bar {
    out;
    painted = 0;
    constructor(out){
        this.out = out;
    }
    paint(standing) {
        const lines = barLines(standing, this.out.columns() ?? USUAL_COLUMNS);
        this.out.write(`${this.up()}${lines.map((line)=>`\x1b[2K${line}\n`).join('')}\x1b[J`);
        this.painted = lines.length;
    }
    clear() {
        if (this.painted > 0) this.out.write(`${this.up()}\x1b[J`);
        this.painted = 0;
    }
    up() {
        return this.painted > 0 ? `\x1b[${this.painted}A\r` : '';
    }
}

//# sourceMappingURL=bar.js.map
