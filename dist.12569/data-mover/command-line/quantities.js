// Quantities as people type them on a command line.
import { InvalidArgumentError } from 'commander';
const SECONDS = {
    s: 1,
    m: 60,
    h: 3_600,
    d: 86_400,
    w: 604_800
};
const BYTES = {
    '': 1,
    b: 1,
    kb: 1e3,
    mb: 1e6,
    gb: 1e9,
    tb: 1e12,
    kib: 2 ** 10,
    mib: 2 ** 20,
    gib: 2 ** 30,
    tib: 2 ** 40
};
/** `90s`, `10m`, `24h`, `7d`, in milliseconds. */ export function milliseconds(text) {
    const [, number = '', unit = ''] = /^(\d+)([smhdw])$/.exec(text.trim()) ?? [];
    const seconds = Number(number) * SECONDS[unit];
    if (!Number.isSafeInteger(seconds) || seconds < 1) throw new InvalidArgumentError('It must be a time as in 90s, 10m, 24h or 7d.');
    return seconds * 1_000;
}
/** `500MB`, `1GiB`, or bytes. */ export function bytes(text) {
    const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?i?b)?$/i.exec(text.trim()) ?? [];
    const value = Math.floor(Number(number) * (BYTES[unit.toLowerCase()] ?? Number.NaN));
    if (number === '' || !Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It must be a size as in 500MB or 1GiB.');
    return value;
}
export function parallelFiles(text) {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > 64) throw new InvalidArgumentError('It must be a number from 1 to 64.');
    return value;
}

//# sourceMappingURL=quantities.js.map
