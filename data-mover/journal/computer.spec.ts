import { describe, expect, it } from '@jest/globals';
import { comparePlaces, computerWith, platformUuidIn } from './computer.js';

describe('a computer', () => {
  const idOf = (...given: Parameters<typeof computerWith>): string => computerWith(...given).id;

  it('is the same under another name where its machine is numbered, and is called as it is called now', () => {
    const machine = '8C4E6A1F-3B0D-5E2A-9F77-1A2B3C4D5E6F';
    expect(idOf({ name: 'scope.dhcp-1.example.org', machine })).toBe(idOf({ name: 'scope.local', machine }));
    expect(idOf({ name: 'scope', machine })).not.toBe(idOf({ name: 'scope', machine: machine.replace('8C', '9C') }));
    expect(computerWith({ name: 'scope.local', machine }).name).toBe('scope.local');
    expect(idOf({ name: 'scope', machine })).not.toContain(machine.slice(0, 8).toLowerCase());
  });

  it('is told by its name and its installation where it is not: disks are copied', () => {
    const installation = 'd1b0c9f2a3';
    expect(idOf({ name: 'node-1', installation })).toBe(idOf({ name: 'node-1', installation }));
    expect(idOf({ name: 'node-1', installation })).not.toBe(idOf({ name: 'node-2', installation }));
    expect(idOf({ name: 'node-1', installation })).not.toBe(idOf({ name: 'node-1', installation: 'e2' }));
    expect(idOf({ name: 'node-1' })).not.toBe(idOf({ name: 'node-2' }));
  });

  it('is numbered by what macOS says of it', () => {
    const uuid = '8C4E6A1F-3B0D-5E2A-9F77-1A2B3C4D5E6F';
    const said = (line: string): string =>
      `+-o J314sAP  <class IOPlatformExpertDevice, id 0x100000227, registered, matched, active>\n    {\n      "manufacturer" = <"Apple Inc.">\n${line}      "IOPlatformSerialNumber" = "C02XXXXXXX"\n    }\n\n`;
    expect(platformUuidIn(said(`      "IOPlatformUUID" = "${uuid}"\n`))).toBe(uuid);
    expect(platformUuidIn(said(''))).toBeUndefined();
    expect(platformUuidIn('')).toBeUndefined();
  });
});

it.each([
  ['same', ['7-100', '8-200'], ['7-100', '8-200']],
  ['other', ['7-100', '8-200'], ['7-100', '9-200']],
  // A number that was used again.
  ['other', ['7-100'], ['7-101']],
  ['other', ['7-', '8-200'], ['7-', '9-200']],
  // The file system does not tell when it was made, or nothing at all.
  ['unknown', ['7-'], ['7-100']],
  ['unknown', ['7-'], ['7-']],
  ['unknown', ['-'], ['7-100']],
  ['unknown', ['7-100'], []],
] as const)('takes places for %s: %j and %j', (told, left, right) => {
  expect(comparePlaces(left, right)).toBe(told);
});
