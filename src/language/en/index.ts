// English: the catalogue that says which messages there are and what each is given. Every other language follows it.

import { access } from './access.js';
import { deliveries } from './deliveries.js';
import { general } from './general.js';
import { program } from './program.js';
import { reminders } from './reminders.js';
import { troubles } from './troubles.js';

export const english = { ...general, ...access, ...deliveries, ...program, ...reminders, ...troubles };
