// Several deliveries to one person, and the mails that remind of them together; on the stage of a file.

import { expect } from '@jest/globals';
import ICAL from 'ical.js';
import type { ParsedMail } from 'mailparser';
import type { TakenMail } from '../support/smtp-script.js';
import { type Due, parsedMail, type Stage } from './stage.js';

export class Digested {
  constructor(private readonly stage: Stage) {}

  /** Deliveries of so many hours to one new person. */
  async makeDue(platformId: string, ...hours: number[]): Promise<Due[]> {
    const [first, ...others] = hours;
    const due = [await this.stage.makeDue(platformId, first)];
    const { personId } = due[0] as Due;
    for (const length of others)
      due.push(await this.stage.makeDueTo(personId, platformId, length, {}, { files: 120, bytes: 3_200_000_000 }));
    return due;
  }

  /** Every copy that may have arrived. */
  mailsTo(due: readonly Due[]): TakenMail[] {
    return this.stage.server.to(due[0]?.recipient ?? '').filter((mail) => !mail.isDeclined);
  }

  async mailTo(due: readonly Due[]): Promise<ParsedMail> {
    const mails = this.mailsTo(due);
    if (mails.length !== 1) throw new Error(`There are ${mails.length} mails instead of one.`);
    return parsedMail(mails[0]?.raw ?? '');
  }

  ends(due: readonly Due[]): Promise<string[][]> {
    return Promise.all(due.map((one) => this.stage.ends(one)));
  }
}

export const eventsOf = (mail: ParsedMail): ICAL.Event[] => {
  const [file] = mail.attachments;
  expect([mail.attachments.length, file?.contentType]).toEqual([1, 'text/calendar']);
  const calendar = new ICAL.Component(ICAL.parse(file?.content.toString('utf8') ?? '') as unknown[]);
  return calendar.getAllSubcomponents('vevent').map((component) => new ICAL.Event(component));
};

export const linksOf = (text: string): string[] => [...new Set(text.match(/http:\/\/localhost\/[su]\/[\w/-]+/g) ?? [])];
