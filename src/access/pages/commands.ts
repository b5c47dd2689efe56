// The commands that a page offers beside those of mails, ready to paste. Windows has two command lines, `cmd` and
// PowerShell, and its commands are those that both take: `curl` alone is something else in PowerShell.

import { type DeliveryFacts, type HowToFetch, inCommand } from '../../deliveries/index.js';
import { PROGRAM_NAME } from '../../views/index.js';
import type { VisitorSystem } from './visitor-system.rules.js';

export type CommandLine = 'windows' | 'posix';

export const commandLineOf = (system: VisitorSystem | 'handheld' | undefined): CommandLine =>
  system === 'windows' ? 'windows' : 'posix';

export const curl = (line: CommandLine): 'curl' | 'curl.exe' => (line === 'windows' ? 'curl.exe' : 'curl');

export const getProgramCommand = (line: CommandLine, how: HowToFetch): string =>
  `${curl(line)} -fLO ${how.server}/data-mover/${PROGRAM_NAME}`;

/** With the token alone, for where gateways have changed the link. */
export const tokenCommand = ({ folder }: Pick<DeliveryFacts, 'folder'>, how: HowToFetch): string =>
  `node ${PROGRAM_NAME} download ${how.token} --url ${how.server} ${inCommand(folder)}`;

/** What installs Node there, once. */
export const NODE_COMMANDS: Record<VisitorSystem, string> = {
  windows: 'winget install OpenJS.NodeJS.LTS',
  macos: 'brew install node',
  linux: 'sudo apt install nodejs',
};
