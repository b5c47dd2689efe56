import { expect, it } from '@jest/globals';
import { normalDomain } from './limits.schema.js';

it.each([
  ['Example.ORG', 'example.org'],
  ['*.example.org', '*.example.org'],
  ['@example.org', 'example.org'],
  ['bücher.example', 'xn--bcher-kva.example'],
])('takes %s as the domain %s', (text, domain) => {
  expect(normalDomain(text)).toBe(domain);
});

it.each(['', 'org', '*.', 'a b.org', 'exa*mple.org', 'a@example.org'])('takes %j as no domain', (text) => {
  expect(normalDomain(text)).toBeUndefined();
});
