// How to get the Data Mover and use it. Commands and names of programs stand outside, or stay as they are.

export const program = {
  'program.intro':
    'It sends what an instrument has acquired, and fetches what a link in a mail offers. Every file is verified, and after a break the same command goes on where it stopped.',
  'program.absent': 'The program is not on this server; please ask its administrators.',
  'program.toFetch': 'To fetch data',
  'program.toFetch.text': 'With the link from the mail, into a folder that may hold part of the data already:',
  'program.windows': 'Windows 10 and later',
  'program.node': 'Node 20.19 or later, once:',
  'program.olderNode': 'or https://nodejs.org, if that is older than 20.19',
  'program.fetch': 'The program, and its checksum, which must be the one above:',
  'program.proxy':
    'Where the network lets computers out only through a proxy, name it before the first command, without user and password if it wants none:',
  'program.atInstrument': 'At the instrument, with the settings.xml that the administrators gave you:',
  'program.atStart.windows':
    'To watch a folder from when the computer starts, make a task in Task Scheduler that runs “At startup”, whether someone is logged on or not, with the program “node” and the arguments of the last command.',
  'program.atStart.macOS':
    'To watch a folder from when the computer starts, put the last command into a property list in /Library/LaunchDaemons with RunAtLoad and KeepAlive.',
  'program.atStart.linux':
    'To watch a folder from when the computer starts, make a systemd service whose ExecStart is the last command, with Restart=on-failure.',
} as const;
