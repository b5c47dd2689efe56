// Mails that were caught: each is a file before it is acknowledged.

import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';

export interface CaughtMail {
  id: string;
  receivedAt: string;
  from: string;
  to: string[];
  subject: string;
  messageId: string;
  date: string | null;
  headers: Record<string, string>;
  text: string;
  html: string;
  attachments: { name: string; type: string; bytes: number }[];
}

/** As many as a page shows. */
const MOST_KNOWN = 200;

export class MailStore {
  /** Mails that were read: they never change, and whoever waits for one asks for all again and again. */
  private readonly known = new Map<string, CaughtMail>();

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** Keeps a mail; it is on disk when this returns. */
  add(raw: Buffer, now: Date): void {
    const id = `${now.toISOString().replace(/[-:.]/g, '')}-${randomUUID().slice(0, 8)}`;
    const file = this.file(id);
    writeFileSync(`${file}.part`, raw, { mode: 0o600 });
    renameSync(`${file}.part`, file);
  }

  /** Oldest first. */
  ids(): string[] {
    return readdirSync(this.folder)
      .filter((name) => name.endsWith('.eml'))
      .map((name) => name.slice(0, -4))
      .sort();
  }

  raw(id: string): Buffer | undefined {
    return /^[\w-]+$/.test(id) && existsSync(this.file(id)) ? readFileSync(this.file(id)) : undefined;
  }

  async read(id: string): Promise<CaughtMail | undefined> {
    const known = this.known.get(id);
    if (known) return known;
    const raw = this.raw(id);
    if (!raw) return undefined;
    const mail = shown(id, raw, await simpleParser(raw));
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    this.known.set(id, mail);
    return mail;
  }

  clear(): void {
    this.known.clear();
    for (const id of this.ids()) rmSync(this.file(id), { force: true });
  }

  private file(id: string): string {
    return join(this.folder, `${id}.eml`);
  }
}

function shown(id: string, raw: Buffer, mail: ParsedMail): CaughtMail {
  const headers: Record<string, string> = {};
  for (const { key, line } of mail.headerLines)
    headers[key] = line
      .slice(line.indexOf(':') + 1)
      .replace(/\r?\n\s+/g, ' ')
      .trim();
  const [day, time] = [id.slice(0, 8), id.slice(9, 18)];
  return {
    id,
    receivedAt: `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4, 6)}.${time.slice(6)}Z`,
    from: mail.from?.text ?? '',
    to: addresses(mail.to),
    subject: mail.subject ?? '',
    messageId: mail.messageId ?? '',
    date: mail.date?.toISOString() ?? null,
    headers,
    text: mail.text ?? raw.toString('utf8'),
    html: mail.html || '',
    attachments: mail.attachments.map((part) => ({
      name: part.filename ?? '',
      type: part.contentType,
      bytes: part.size,
    })),
  };
}

const addresses = (to: AddressObject | AddressObject[] | undefined): string[] =>
  (Array.isArray(to) ? to : to ? [to] : []).flatMap((list) => list.value.map((one) => one.address ?? ''));
