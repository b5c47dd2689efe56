// The reference: curl sending the same bytes, four processes with kept connections.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export const curlVersion = (): string | undefined => {
  const asked = spawnSync('curl', ['--version'], { encoding: 'utf8' });
  return asked.status === 0 ? asked.stdout.split(' ').slice(0, 2).join(' ') : undefined;
};

const PARALLEL = 4;
const inQuotes = (text: string): string => text.replace(/[\\"]/g, '\\$&');

/** The command that sends `files`; `formOf` gives the text parts that go before each. */
export function curlCommand(
  work: string,
  url: string,
  files: readonly string[],
  formOf: (name: string) => [string, string][],
): string {
  const configs = Array.from({ length: Math.min(PARALLEL, files.length) }, (_, part) => {
    const own = files.filter((_file, index) => index % PARALLEL === part);
    const lines = own.map((file) =>
      [
        `url = "${url}"`,
        ...formOf(basename(file)).map(([name, value]) => `form-string = "${name}=${inQuotes(value)}"`),
        `form = "filename=@${inQuotes(file)}"`,
        'output = "/dev/null"',
        'silent',
        'fail',
      ].join('\n'),
    );
    const path = join(work, `curl-${part}.config`);
    writeFileSync(path, lines.join('\nnext\n'));
    return path;
  });
  return `${configs.map((path) => `curl --config '${path}' &`).join(' ')} wait`;
}

/** `asset.create` of one file with a session that is open. */
export const createRequest = (session: string, namespace: string, name: string): [string, string][] => [
  [
    'request',
    `<request><service name="asset.create" session="${session}"><args><namespace create="true">${namespace}</namespace><name>${name}</name></args></service></request>`,
  ],
  ['nb-data-attachments', '1'],
];
