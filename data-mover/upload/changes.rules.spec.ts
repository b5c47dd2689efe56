import { describe, expect, it } from '@jest/globals';
import { changesOf, namesOf, untold } from './changes.rules.js';

const held = { recipients: ['ada@example.org', 'bea@xn--bcher-kva.example'], keywords: ['fish', 'run 1'], note: null };

describe('what a command changes of an upload that is not complete', () => {
  it('is nothing when only order and case of people, and order of words, are others', () => {
    const asked = { recipients: [' Bea@bücher.example', 'ADA@EXAMPLE.ORG'], keywords: ['run 1', 'fish '], note: null };
    expect(changesOf(asked, held, [])).toBeUndefined();
  });

  it('is nothing when the server added the name as a keyword', () => {
    expect(changesOf({ ...held, keywords: ['run 1'] }, held, ['fish'])).toBeUndefined();
  });

  it('is each thing that is another, and nothing else', () => {
    expect(changesOf({ ...held, recipients: ['ada@example.org'] }, held, [])).toEqual({
      recipients: ['ada@example.org'],
    });
    expect(changesOf({ ...held, note: 'n' }, held, [])).toEqual({ note: 'n' });
    expect(changesOf({ ...held, keywords: ['eel'] }, held, ['fish'])).toEqual({ keywords: ['eel', 'fish'] });
    expect(changesOf(held, { ...held, note: 'n' }, [])).toEqual({ note: null });
  });

  it('is named in words', () => {
    expect(namesOf({ recipients: [], note: null })).toBe('recipients, note');
  });
});

describe('of an upload that is complete', () => {
  it('those who are asked for and have not got it are named, and only those', () => {
    expect(untold(['Ada@Example.org', 'cleo@example.org'], held.recipients)).toEqual(['cleo@example.org']);
    expect(untold(['ada@example.org'], held.recipients)).toEqual([]);
  });
});
