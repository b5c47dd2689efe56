// German. Its terms: docs/languages.md.

import { access } from './access.js';
import { deliveries } from './deliveries.js';
import { general } from './general.js';
import { program } from './program.js';
import { reminders } from './reminders.js';
import { troubles } from './troubles.js';

export const german = { ...general, ...access, ...deliveries, ...program, ...reminders, ...troubles };
