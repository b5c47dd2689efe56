// Options whose usual value is told as people type it, and what stands below the list of commands.

import { Option } from 'commander';
import { bytes, milliseconds } from './quantities.js';

/** @param usual as in `10m` */
export const timeOption = (flags: string, description: string, usual: string): Option =>
  new Option(flags, description).argParser(milliseconds).default(milliseconds(usual), usual);

/** @param usual as in `1GiB` */
export const sizeOption = (flags: string, description: string, usual: string): Option =>
  new Option(flags, description).argParser(bytes).default(bytes(usual), usual);

export const BELOW_THE_COMMANDS = `
Examples:
  data-mover check --settings settings.xml
  data-mover upload --settings settings.xml --to ada@example.org my-data
  data-mover download https://dispatch.example.org/s/… my-data

"data-mover help upload" tells the options of a command.

Environment variables:
  HTTPS_PROXY, HTTP_PROXY  HTTP proxy of the network, as in
                           http://proxy.example.org:8080 (with user:password@
                           before the name if it wants them)
  NO_PROXY                 names and addresses that are reached without it
  NODE_EXTRA_CA_CERTS      file with the certificates of a site that signs its
                           own
  DATA_MOVER_STATE         folder for what this program notes, and its logs
  DATA_MOVER_COMPUTER      name of this computer where its own changes, as that
                           of a container does
`;
