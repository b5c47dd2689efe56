import { describe, expect, it } from '@jest/globals';
import { isTrialFolder, trialFolder } from './trial-folder.rules.js';

const ID = '019ad5c2-7f3e-7c1a-9b02-5d4c3b2a1f00';

describe('the folder of a trial', () => {
  it('is recognised by its whole name', () => {
    expect(isTrialFolder(trialFolder('/projects/proj-a-1128.4.15', ID))).toBe(true);
  });

  it.each([
    '/projects/proj-a-1128.4.15',
    '/projects/proj-a-1128.4.15/2020-08-18_18.20.37-1-1',
    '/projects/proj-a-1128.4.15/2020-08-18_18.20.37-1-1-data-mover-check',
    `/projects/proj-a-1128.4.15/2020-08-18_18.20.37-1-1-data-mover-check-${ID}`,
    '/projects/data-mover-check-',
    `${trialFolder('/projects/proj-a-1128.4.15', ID)}/data`,
    `${trialFolder('/projects/proj-a-1128.4.15', ID)}/`,
    `data-mover-check-${ID}`,
    '/',
    '',
  ])('is not %s', (namespace) => {
    expect(isTrialFolder(namespace)).toBe(false);
  });
});
