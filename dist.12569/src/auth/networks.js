// Which network an address belongs to, for counting what comes from it: an IPv6 customer has 2^64 addresses at least.
import { isIPv4, isIPv6 } from 'node:net';
/** An IPv4 address as it is, also where it comes as `::ffff:192.0.2.1`; of an IPv6 address the first 64 bits. */ export function networkOf(address) {
    const withoutZone = address.split('%')[0] ?? '';
    const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(withoutZone)?.[1];
    if (mapped !== undefined && isIPv4(mapped)) return mapped;
    if (!isIPv6(withoutZone)) return address;
    const [head = '', tail] = withoutZone.split('::');
    const before = groupsOf(head);
    const after = groupsOf(tail ?? '');
    const missing = tail === undefined ? 0 : 8 - before.length - after.length;
    const groups = [
        ...before,
        ...Array.from({
            length: missing
        }, ()=>0),
        ...after
    ];
    return `${groups.slice(0, 4).map((group)=>group.toString(16)).join(':')}::/64`;
}
/** Numbers of 16 bits; a last part in dots is two of them, whose value does not matter here. */ const groupsOf = (part)=>part === '' ? [] : part.split(':').flatMap((group)=>group.includes('.') ? [
            0,
            0
        ] : [
            Number.parseInt(group, 16)
        ]);

//# sourceMappingURL=networks.js.map
