// Every row that was ever written to the database of a program, of every table and schema, the queue's included: what
// is deleted again has stood there too.

import pg from 'pg';
import { until } from '../support/wait.js';
import type { Text } from './secrets.js';

/** The one place of people's addresses, and the contact that a platform publishes. */
export const PLACES_OF_ADDRESSES = [
  'public.person.address',
  'public.person.address_key',
  'public.platform.contact_email',
];

const WATCH = `
  create schema leak_watch;
  create table leak_watch.written (place text not null, entry jsonb not null);
  create function leak_watch.note() returns trigger language plpgsql as $$
  begin
    insert into leak_watch.written values (tg_table_schema || '.' || tg_table_name, to_jsonb(new));
    return null;
  end $$;
  create function leak_watch.watch(watched oid) returns void language plpgsql as $$
  declare found record;
  begin
    for found in
      select n.nspname, c.relname
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
       where c.oid = watched
         and c.relkind in ('r', 'p')
         and not c.relispartition
         and c.relpersistence <> 't'
         and n.nspname not in ('pg_catalog', 'information_schema', 'leak_watch')
    loop
      execute format('create trigger zz_leak_watch after insert or update on %I.%I for each row execute function leak_watch.note()',
        found.nspname, found.relname);
    end loop;
  end $$;
  -- Of tables that are made from now on.
  create function leak_watch.watch_made() returns event_trigger language plpgsql as $$
  begin
    perform leak_watch.watch(objid) from pg_event_trigger_ddl_commands() where command_tag = 'CREATE TABLE';
  end $$;
  create event trigger leak_watch on ddl_command_end when tag in ('CREATE TABLE') execute function leak_watch.watch_made();
  select leak_watch.watch(oid) from pg_class`;

export class WrittenRows {
  private constructor(readonly database: pg.Client) {}

  /**
   * Notes from now on. What was written before is found as it stands now.
   *
   * @param holdsQueue is the queue in it? It makes its tables while the program starts, not before.
   */
  static async watch(url: string, holdsQueue: boolean): Promise<WrittenRows> {
    const database = new pg.Client({ connectionString: url });
    await database.connect();
    if (holdsQueue)
      await until('the tables of the queue', async () => {
        const { rows } = await database.query<{ made: boolean }>(
          `select to_regclass('bullmq.job') is not null as made`,
        );
        return rows[0]?.made || undefined;
      });
    await database.query(WATCH);
    return new WrittenRows(database);
  }

  /** Every value of every column, each once, with the column's full name; bytes in hexadecimal. */
  async values(): Promise<Text[]> {
    const { rows } = await this.database.query<{ where: string; text: string }>(
      `select distinct w.place || '.' || f.key as where, f.value as text
         from leak_watch.written w, jsonb_each_text(w.entry) f
        where f.value is not null`,
    );
    return [...rows, ...(await this.standing())];
  }

  /** Tables of the queue, to know that they were watched. */
  async placesWritten(): Promise<string[]> {
    const { rows } = await this.database.query<{ place: string }>(
      'select distinct place from leak_watch.written order by place',
    );
    return rows.map(({ place }) => place);
  }

  close(): Promise<void> {
    return this.database.end();
  }

  /** What stands in all tables now, as a dump of the database would have it. */
  private async standing(): Promise<Text[]> {
    const { rows: tables } = await this.database.query<{ name: string; sql: string }>(
      `select table_schema || '.' || table_name as name, format('%I.%I', table_schema, table_name) as sql
         from information_schema.tables
        where table_type = 'BASE TABLE'
          and table_schema not in ('pg_catalog', 'information_schema', 'leak_watch')`,
    );
    const found: Text[] = [];
    for (const { name, sql } of tables) {
      const { rows } = await this.database.query<{ key: string; value: string }>(
        `select distinct f.key, f.value from ${sql} t, jsonb_each_text(to_jsonb(t)) f where f.value is not null`,
      );
      for (const { key, value } of rows) found.push({ where: `${name}.${key}`, text: value });
    }
    return found;
  }
}
