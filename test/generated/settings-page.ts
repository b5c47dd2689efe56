// docs/configuration.md: a table of the settings as their schema describes them.

import { z } from 'zod';
import { SECRETS, type SettingName, settingsSchema, USUALLY } from '../../src/config/settings.schema.js';

const HEAD = `<!-- Made by \`npm run generate\` from src/config/settings.schema.ts. Not to be edited. -->

# Settings

From the environment, over \`.env\` in the folder of the start. An empty value counts as unset. Secrets (marked *) can come from a file: \`NAME_FILE\`.
`;

const isSecret = (name: string): boolean => (SECRETS as readonly string[]).includes(name);

export function settingsPage(): string {
  const { properties = {} } = z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' });
  const rows = Object.entries(properties).map(([name, told]) => {
    const { default: usual, description } = told as { default?: string | number; description?: string };
    if (description === undefined) throw new Error(`The setting ${name} has no description.`);
    const inWords = USUALLY[name as SettingName] ?? (typeof usual === 'string' ? `\`${usual}\`` : String(usual ?? ''));
    return [`\`${name}\`${isSecret(name) ? ' *' : ''}`, inWords, description];
  });
  return `${HEAD}\n${table([['name', 'default', 'what'], ...rows])}`;
}

/** As Prettier writes a table: every cell of a column as wide as its widest. */
function table([head = [], ...rows]: string[][]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`;
  return [head, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('');
}
