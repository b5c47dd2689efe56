import { describe, expect, it } from '@jest/globals';
import { isOwn } from './own-manifest.rules.js';

const manifest = { id: 'm1', files: 2, bytes: 30 };

describe('a complete upload', () => {
  it.each([
    ['with the manifest that was told', { manifest }, { manifestId: 'm1', files: 2, bytes: 30 }, true],
    ['with another manifest of the same size', { manifest }, { manifestId: 'm2', files: 2, bytes: 30 }, false],
    ['with other numbers of files', { manifest }, { manifestId: 'm1', files: 3, bytes: 30 }, false],
    ['with other bytes, at a server that tells no manifest', { manifest }, { files: 2, bytes: 31 }, false],
    ['of the same size, at a server that tells no manifest', { manifest }, { files: 2, bytes: 30 }, true],
    [
      'of the same size, where the answer to the manifest was lost',
      { manifest: { ...manifest, id: undefined } },
      { manifestId: 'm2', files: 2, bytes: 30 },
      true,
    ],
    ['that an earlier version told', { sentTree: 'f' }, { manifestId: 'm2', files: 2, bytes: 30 }, true],
    ['that an earlier version knew to be complete', { completedTree: 'f' }, { files: 2, bytes: 30 }, true],
    ['of which nothing was told yet', {}, { manifestId: 'm2', files: 2, bytes: 30 }, false],
  ])('%s', (_, notes, upload, isTrue) => {
    expect(isOwn(upload, notes)).toBe(isTrue);
  });
});
