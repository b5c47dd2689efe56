// Where the database is, for command line programs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSettings, SettingsError } from './settings.js';
/** `DATABASE_URL`, or the embedded database of a server that runs. @throws SettingsError neither is there */ export function databaseAddress(environment, folder) {
    const { databaseUrl, dataDir } = loadSettings(environment, folder);
    if (databaseUrl !== undefined) return databaseUrl;
    const file = join(dataDir, 'endpoints.json');
    try {
        const { database } = JSON.parse(readFileSync(file, 'utf8'));
        if (database !== null) return database;
    } catch (error) {
        if (error.code !== 'ENOENT') throw error;
    }
    throw new SettingsError(`DATABASE_URL is not set, and no running server's ${file} names an embedded database.`);
}

//# sourceMappingURL=database-address.js.map
