// Numbers as people read them.
const UNITS = [
    'bytes',
    'kB',
    'MB',
    'GB',
    'TB'
];
/** Decimal units with one place. */ export function size(bytes) {
    let value = bytes;
    let unit = 0;
    while(value >= 1_000 && unit < UNITS.length - 1){
        value /= 1_000;
        unit += 1;
    }
    return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit] ?? ''}`;
}
/** Rounded to what matters: `40 s`, `12 min`, `3 h 20 min`, `2 d 4 h`. */ export function duration(seconds) {
    if (!Number.isFinite(seconds)) return 'unknown';
    if (seconds < 90) return `${Math.ceil(seconds)} s`;
    const minutes = Math.round(seconds / 60);
    if (minutes < 90) return `${minutes} min`;
    const hours = Math.floor(minutes / 60);
    if (hours < 48) return `${hours} h ${minutes % 60} min`;
    return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
// eslint-disable-next-line no-control-regex -- a file's name must not steer the terminal
export const shown = (path)=>path.replace(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '?');

//# sourceMappingURL=units.js.map
