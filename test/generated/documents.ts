// Files under `docs/` that are made from the program and kept in the repository: a change of the API, of the tables or
// of the settings shows in the review of the change that makes it.

import { join } from 'node:path';
import pg from 'pg';
import { Program, root } from '../support/program.js';
import { schemaText } from './schema-text.js';
import { settingsPage } from './settings-page.js';

export interface GeneratedFile {
  path: string;
  text: string;
}

/** Asks a running program and its database. */
export async function generatedFiles(): Promise<GeneratedFile[]> {
  const program = await Program.start();
  try {
    const client = new pg.Client({ connectionString: program.endpoints.database });
    await client.connect();
    const schema = await schemaText(client).finally(() => client.end());
    const api: unknown = await (await fetch(`${program.endpoints.server}/api/openapi.json`)).json();
    return [
      { path: join(root, 'docs', 'openapi.json'), text: `${JSON.stringify(api, null, 2)}\n` },
      { path: join(root, 'docs', 'schema.sql'), text: schema },
      { path: join(root, 'docs', 'configuration.md'), text: settingsPage() },
    ];
  } finally {
    await program.stop();
  }
}
