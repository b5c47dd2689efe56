// The commands that a page offers, ready to paste. Windows has two command lines, `cmd` and PowerShell, and its commands
// are those that both take: `curl` alone is something else in PowerShell, which also drops an empty argument.
import { inCommand, zipName } from '../../deliveries/index.js';
import { PROGRAM_NAME } from '../../views/index.js';
export const commandLineOf = (system)=>system === 'windows' ? 'windows' : 'posix';
const curl = (line)=>line === 'windows' ? 'curl.exe' : 'curl';
export const zipCommand = (line, { folder }, how)=>`${curl(line)} -L -d browser=false ${how.url}/direct -o ${zipName(inCommand(folder))}`;
export const getProgramCommand = (line, how)=>`${curl(line)} -fLO ${how.server}/data-mover/${PROGRAM_NAME}`;
export const downloadCommand = ({ folder }, how)=>`node ${PROGRAM_NAME} download ${how.url} ${inCommand(folder)}`;
/** With the token alone, for where gateways have changed the link. */ export const tokenCommand = ({ folder }, how)=>`node ${PROGRAM_NAME} download ${how.token} --url ${how.server} ${inCommand(folder)}`;
/** What installs Node there, once. */ export const NODE_COMMANDS = {
    windows: 'winget install OpenJS.NodeJS.LTS',
    macos: 'brew install node',
    linux: 'sudo apt install nodejs'
};

//# sourceMappingURL=commands.js.map
