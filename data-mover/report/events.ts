// What a program is told with `--json`: one object a line. Contract "Data Mover command line".

export type Event =
  | { event: 'start'; files: number; bytes: number; folder?: string; uploadId?: string }
  | { event: 'file'; path: string; bytes: number; skipped: boolean }
  | { event: 'progress'; files: number; bytes: number; ofFiles: number; ofBytes: number }
  | {
      event: 'done';
      uploadId?: string;
      folder?: string;
      files: number;
      bytes: number;
      transferredBytes: number;
      /** Entries of the tree that were not sent, where there are any: links, and what is neither file nor folder. */
      leftOut?: number;
      /** Entries that `--exclude` means, where there are any. */
      excluded?: number;
      /** Files that changed or came after they were sent, where there are any: what is verified is as it was before. */
      changedSince?: number;
      /** Of `--dry-run`: what the upload would be; nothing was sent. */
      dryRun?: 'new' | 'continued' | 'reported';
      /** Of `data-mover check`: what was found. */
      check?: CheckFindings;
    }
  | { event: 'error'; message: string; path?: string };

export interface CheckFindings {
  server: string;
  platform: string;
  label: string;
  /** Address of Mediaflux. */
  mediaflux: string;
  /** How far this computer's clock is ahead of the server's. */
  clockAheadSeconds: number;
  warnings: string[];
  /** Proxies that they are reached through, where there are any. */
  serverProxy?: string;
  mediafluxProxy?: string;
}
