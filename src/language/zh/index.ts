// Simplified Chinese: 您, full-width punctuation, a space between Chinese and Latin words or numbers.

import { access } from './access.js';
import { deliveries } from './deliveries.js';
import { general } from './general.js';
import { program } from './program.js';
import { reminders } from './reminders.js';
import { troubles } from './troubles.js';

export const chinese = { ...general, ...access, ...deliveries, ...program, ...reminders, ...troubles };
