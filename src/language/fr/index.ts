// French. Its terms and its no-break spaces: docs/languages.md.

import { access } from './access.js';
import { deliveries } from './deliveries.js';
import { general } from './general.js';
import { program } from './program.js';
import { reminders } from './reminders.js';
import { troubles } from './troubles.js';

export const french = { ...general, ...access, ...deliveries, ...program, ...reminders, ...troubles };
