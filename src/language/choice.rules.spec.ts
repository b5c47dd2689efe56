import { expect, it } from '@jest/globals';
import { chooseLanguage, type LanguageWishes } from './choice.rules.js';

const supported = ['en', 'de', 'fr', 'zh'] as const;

it.each<[string, LanguageWishes, string | undefined]>([
  ['what is asked for wins', { asked: 'fr', person: 'de', accept: 'zh', platform: 'en' }, 'fr'],
  ['then what the person chose', { asked: 'tlh', person: 'de', accept: 'zh', platform: 'en' }, 'de'],
  ['then what the browser names', { person: null, accept: 'zh-CN,zh;q=0.9', platform: 'en' }, 'zh'],
  ['then the platform’s', { accept: 'tlh, it;q=0.8', platform: 'de' }, 'de'],
  ['and else none', { asked: ['fr'], person: 'tlh', accept: '', platform: 'tlh' }, undefined],
])('a page speaks: %s', (_, wishes, language) => {
  expect(chooseLanguage(wishes, supported)).toBe(language);
});

it.each<[string, string | undefined]>([
  ['de-AT', 'de'],
  ['DE', 'de'],
  ['en;q=0.5, fr;q=0.9', 'fr'],
  ['fr;q=0, de;q=0.1', 'de'],
  ['it, fr-CH;q=0.8, en;q=0.8', 'fr'],
  ['zh-Hans-SG', 'zh'],
  ['zh-TW, en;q=0.3', 'en'],
  ['zh-Hant', undefined],
  ['*', undefined],
  ['fr;q=x, de;q=0.2', 'de'],
  [';;,,q=1', undefined],
])('Accept-Language %j is %s', (accept, language) => {
  expect(chooseLanguage({ accept }, supported)).toBe(language);
});
