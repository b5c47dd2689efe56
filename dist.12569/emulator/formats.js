// Dates and sizes as the server writes and reads them (reference 11): `dd-MMM-yyyy HH:mm:ss`, in UTC here; sizes in
// decimal units.
import { el } from './xml/element.js';
const MONTHS = [
    'Jan',
    'Feb',
    'Mar',
    'Apr',
    'May',
    'Jun',
    'Jul',
    'Aug',
    'Sep',
    'Oct',
    'Nov',
    'Dec'
];
const two = (value)=>String(value).padStart(2, '0');
export function dateText(time) {
    const date = new Date(time);
    const day = `${two(date.getUTCDate())}-${MONTHS[date.getUTCMonth()] ?? ''}-${date.getUTCFullYear()}`;
    return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}
/** A date of a full document, with its zone. */ export const dateElement = (name, time)=>el(name, dateText(time), {
        tz: 'Etc/UTC',
        'gmt-offset': '0.0',
        dst: 'false',
        millisec: time
    });
const SHAPE = /^\s*(\d{1,2})-([A-Za-z]{3})-(\d{4})(?:\s+(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,3}))?)?\s*$/;
const RELATIVE = /^now(?:\s*([+-])\s*(\d+)\s*(second|minute|hour|day|week)s?)?$/i;
const UNIT_MS = {
    second: 1_000,
    minute: 60_000,
    hour: 3_600_000,
    day: 86_400_000,
    week: 604_800_000
};
/** Milliseconds of a date, also of `now+14day`; undefined when it cannot be read. */ export function parseDate(text, now) {
    const relative = RELATIVE.exec(text.trim());
    if (relative) {
        const amount = Number(relative[2] ?? 0) * (UNIT_MS[relative[3]?.toLowerCase() ?? ''] ?? 0);
        return relative[1] === '-' ? now - amount : now + amount;
    }
    const match = SHAPE.exec(text);
    const month = MONTHS.findIndex((name)=>name.toLowerCase() === match?.[2]?.toLowerCase());
    if (!match || month < 0) return undefined;
    const [, day, , year, hour = '0', minute = '0', second = '0', milli = '0'] = match;
    return Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second), Number(milli.padEnd(3, '0')));
}
const UNITS = [
    'bytes',
    'KB',
    'MB',
    'GB',
    'TB',
    'PB'
];
/** The `h` attribute of sizes, in decimal units (reference 11). */ export function humanSize(bytes) {
    let value = bytes;
    let unit = 0;
    while(value >= 1_000 && unit < UNITS.length - 1){
        value /= 1_000;
        unit += 1;
    }
    return `${Number(value.toFixed(2))} ${UNITS[unit] ?? ''}`;
}
/** Bytes of a size as callers give it, `10 TB` or a bare number; undefined when it cannot be read. */ export function sizeOfText(text) {
    const match = /^\s*(\d+(?:\.\d+)?)\s*(bytes?|B|KB|MB|GB|TB|PB)?\s*$/i.exec(text);
    if (!match) return undefined;
    const unit = match[2]?.toUpperCase() ?? '';
    const power = Math.max(0, UNITS.indexOf(unit));
    return Math.round(Number(match[1]) * 1_000 ** power);
}

//# sourceMappingURL=formats.js.map
