import { describe, expect, it } from '@jest/globals';
import { optionsThatDiffer } from './selection.rules.js';

describe('two commands', () => {
  it('send the same whatever the order of their globs, and however often one is given', () => {
    expect(optionsThatDiffer({ exclude: ['a', 'b'] }, { exclude: ['b', 'a', 'b'] })).toEqual([]);
    expect(optionsThatDiffer({}, { exclude: [], followSymlinks: false, leaveOut: [] })).toEqual([]);
  });

  it('differ in each option by which one sends other files', () => {
    expect(optionsThatDiffer({ exclude: ['a'] }, { exclude: ['a', 'b'] })).toEqual(['--exclude']);
    expect(optionsThatDiffer({ exclude: ['a', 'b'] }, { exclude: ['a'] })).toEqual(['--exclude']);
    expect(optionsThatDiffer({}, { followSymlinks: true })).toEqual(['--follow-symlinks']);
    expect(optionsThatDiffer({ leaveOut: ['r', 'done'] }, { leaveOut: ['r'], exclude: ['a'] })).toEqual([
      '--exclude',
      '--ready-file',
    ]);
  });
});
