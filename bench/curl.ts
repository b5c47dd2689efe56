// The reference: curl sending the same bytes, four processes with kept connections.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export const curlVersion = (): string | undefined => {
  const asked = spawnSync('curl', ['--version'], { encoding: 'utf8' });
  return asked.status === 0 ? asked.stdout.split(' ').slice(0, 2).join(' ') : undefined;
};

const PARALLEL = 4;
const inQuotes = (text: string): string => text.replace(/[\\"]/g, '\\$&');

/** The command that sends `files`; `formOf` gives the text parts that go before each. */
export const curlCommand = (
  work: string,
  url: string,
  files: readonly string[],
  formOf: (name: string) => [string, string][],
): string =>
  parallel(work, 'curl-from', files, (file) => [
    `url = "${url}"`,
    ...formOf(basename(file)).map(([name, value]) => `form-string = "${name}=${inQuotes(value)}"`),
    `form = "filename=@${inQuotes(file)}"`,
    'output = "/dev/null"',
  ]);

/**
 * The command that fetches `urls`.
 * @param into name of a fresh folder for the files; undefined: they go only through the network
 */
export function curlDownload(work: string, urls: readonly string[], into?: string): string {
  const folder = into && join(work, into);
  if (folder) mkdirSync(folder);
  return parallel(work, into ?? 'curl-to-nowhere', urls, (url, index) => [
    `url = "${url}"`,
    `output = "${folder ? join(folder, String(index)) : '/dev/null'}"`,
  ]);
}

function parallel(
  work: string,
  name: string,
  items: readonly string[],
  linesOf: (item: string, index: number) => string[],
): string {
  const configs = Array.from({ length: Math.min(PARALLEL, items.length) }, (_, part) => {
    const blocks = items.flatMap((item, index) =>
      index % PARALLEL === part ? [[...linesOf(item, index), 'silent', 'fail'].join('\n')] : [],
    );
    const path = join(work, `${name}-${part}.config`);
    writeFileSync(path, blocks.join('\nnext\n'));
    return path;
  });
  return `${configs.map((path) => `curl --config '${path}' &`).join(' ')} for job in $(jobs -p); do wait "$job"; done`;
}

/** `asset.create` of one file with a session that is open. */
export const createRequest = (session: string, namespace: string, name: string): [string, string][] => [
  [
    'request',
    `<request><service name="asset.create" session="${session}"><args><namespace create="true">${namespace}</namespace><name>${name}</name></args></service></request>`,
  ],
  ['nb-data-attachments', '1'],
];
