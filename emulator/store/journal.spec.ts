// What was appended is there again, however long the journal and whatever its last line.

import { expect, it } from '@jest/globals';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Change, Journal } from './journal.js';

function reopened(folder: string): { journal: Journal; records: Map<string, unknown> } {
  const records = new Map<string, unknown>();
  const journal = Journal.open(
    folder,
    ([, key, value]) => (value === null ? records.delete(key) : records.set(key, value)),
    () => [...records].map(([key, value]): Change => ['asset', key, value]),
  );
  return { journal, records };
}

it('reads a journal of many parts back, characters of several bytes and all, without its torn last line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'));
  try {
    const { journal } = reopened(folder);
    // About 10 MB in lines of odd lengths, so that the ends of the parts that are read fall inside characters.
    const text = (number: number): string => '漢é𝄞'.repeat(1_000 + (number % 97));
    for (let number = 0; number < 900; number += 1) journal.append([['asset', String(number), text(number)]]);
    journal.append([
      ['asset', '0', null],
      ['asset', 'last', 'whole'],
    ]);
    journal.close();
    appendFileSync(join(folder, 'journal.ndjson'), '[["asset","torn","not acknow');
    for (const _ of ['as it was left', 'as it was rewritten']) {
      const { journal: again, records } = reopened(folder);
      again.close();
      expect(records.size).toBe(900);
      for (let number = 1; number < 900; number += 1) expect(records.get(String(number)) === text(number)).toBe(true);
      expect(records.get('last')).toBe('whole');
    }
    expect(readFileSync(join(folder, 'journal.ndjson'), 'utf8')).not.toContain('torn');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('keeps changes that belong together together, however many they are', () => {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'));
  try {
    const { journal } = reopened(folder);
    journal.append(Array.from({ length: 25_000 }, (_, number): Change => ['asset', String(number), number]));
    journal.append([['asset', 'after', 'whole']]);
    journal.close();
    const { journal: again, records } = reopened(folder);
    expect(records.size).toBe(25_001);
    again.append(Array.from({ length: 25_000 }, (_, number): Change => ['asset', String(number), null]));
    again.close();
    // A kill in the middle of them: two of the three lines are there.
    const file = join(folder, 'journal.ndjson');
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, `${lines.slice(0, -2).join('\n')}\n`);
    const { journal: last, records: kept } = reopened(folder);
    last.close();
    expect(kept.size).toBe(25_001);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
