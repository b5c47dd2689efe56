// `settings.xml`, the small file on an acquisition computer. A format of our own, not the vendor's. Contract, end.

export interface SettingsXml {
  server: string;
  token: string;
  platform: string;
  label: string;
}

export const settingsXml = (settings: SettingsXml): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<instrument-dispatch version="1">',
    `  <server>${escaped(settings.server)}</server>`,
    `  <token>${escaped(settings.token)}</token>`,
    `  <platform>${escaped(settings.platform)}</platform>`,
    `  <label>${escaped(settings.label)}</label>`,
    '</instrument-dispatch>',
    '',
  ].join('\n');

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
