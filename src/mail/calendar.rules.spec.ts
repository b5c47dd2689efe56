import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import ICAL from 'ical.js';
import { type CalendarEvent, calendarOf } from './calendar.rules.js';

const event: CalendarEvent = {
  uid: 'delivery-1@dispatch.example.org',
  sequence: 2,
  writtenAt: new Date('2026-11-01T00:00:00.999Z'),
  at: new Date('2026-11-29T22:00:00.500Z'),
  summary: 'Links end: 2020-08-18_18.20.37-32-4-fish',
  description: 'First line\nsecond, with a comma; and a \\',
  organizer: { name: 'Microscopy "desk"; x:y', address: 'desk@example.org' },
  alarmBeforeSeconds: 86_400,
  language: 'en',
};

const read = (text: string) => {
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
  const component = calendar.getFirstSubcomponent('vevent');
  if (!component) throw new Error('There is no event.');
  return { calendar, component, event: new ICAL.Event(component) };
};

describe('a calendar entry', () => {
  it('is what a calendar program reads', () => {
    const { calendar, component, event: found } = read(calendarOf(event));
    expect(calendar.getFirstPropertyValue('method')).toBe('PUBLISH');
    expect([found.uid, found.sequence, found.summary, found.description]).toEqual([
      event.uid,
      2,
      event.summary,
      event.description,
    ]);
    expect(found.startDate.toJSDate()).toEqual(new Date('2026-11-29T22:00:00Z'));
    expect(component.getFirstPropertyValue('organizer')).toBe('mailto:desk@example.org');
    expect(component.getFirstProperty('organizer')?.getParameter('cn')).toBe("Microscopy 'desk'; x:y");
    expect(component.getFirstSubcomponent('valarm')?.getFirstPropertyValue('trigger')).toMatchObject({
      isNegative: true,
      seconds: 86_400,
    });
  });

  it('names an organizer whose address is not of ASCII alone', () => {
    const organizer = { name: 'Büro 😀', address: 'büro😀@example.org' };
    const { component } = read(calendarOf({ ...event, organizer }));
    expect(component.getFirstPropertyValue('organizer')).toBe('mailto:b%C3%BCro%F0%9F%98%80@example.org');
  });

  it('has lines of 75 octets at most, each ended by CR LF', () => {
    const text = calendarOf({ ...event, summary: '日本語のとても長い題名'.repeat(20) });
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    expect(read(text).event.summary).toBe('日本語のとても長い題名'.repeat(20));
  });

  it('holds any text as it was, and nothing else than the one event', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 200 });
    const nasty = fc.constantFrom('\r\nEND:VEVENT\r\n', 'BEGIN:VEVENT', '\\n', ';', ',', ':', '"', '\\', 'ATTACH:x');
    fc.assert(
      fc.property(fc.array(fc.oneof(text, nasty), { maxLength: 6 }), (pieces) => {
        const typed = pieces.join('');
        const { calendar, event: found } = read(
          calendarOf({ ...event, summary: typed, organizer: { name: typed, address: 'a@b.org' } }),
        );
        const expected = typed.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]/gu, ' ');
        expect(found.summary).toBe(expected);
        expect(calendar.getAllSubcomponents()).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });
});
