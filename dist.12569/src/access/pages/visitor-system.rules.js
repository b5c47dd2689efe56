// Which system a visitor's computer runs, as their browser says. Only for which commands are shown first: all are there.
export const SYSTEMS = [
    'windows',
    'macos',
    'linux'
];
/** `handheld`: phones and tablets, which run no Data Mover; undefined: it does not say. */ export function systemOf(userAgent) {
    const agent = userAgent ?? '';
    // Phones name the system that theirs comes from as well.
    if (/\b(android|iphone|ipad|ipod|mobile|windows phone)\b/i.test(agent)) return 'handheld';
    if (/\bwindows\b|\bwin(32|64)\b/i.test(agent)) return 'windows';
    if (/\bmac ?os( x)?\b|\bmacintosh\b|\bdarwin\b/i.test(agent)) return 'macos';
    if (/\blinux\b|\bx11\b|\bcros\b|\b(free|open|net)bsd\b/i.test(agent)) return 'linux';
    return undefined;
}

//# sourceMappingURL=visitor-system.rules.js.map
