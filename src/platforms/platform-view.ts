// A platform as the API shows it, with what looks wrong about legal choices.

import { scheduleWarnings } from '../schedule/index.js';
import { durationMs, isTimeZone, zonedIso } from '../time/index.js';
import { isTelling } from './mail-texts.rules.js';
import type { Platform } from './platform.js';

const SHORT_STALL_MS = 86_400_000;

export function platformView(platform: Platform, now: Date) {
  const { enabledAt: _, ...reminders } = platform.reminders;
  return {
    ...platform,
    reminders,
    createdAt: zonedIso(platform.createdAt, platform.timeZone),
    updatedAt: zonedIso(platform.updatedAt, platform.timeZone),
    warnings: warningsOf(platform, now),
  };
}

function warningsOf(platform: Platform, now: Date): string[] {
  return [
    ...zoneWarnings(platform),
    ...stallWarnings(platform),
    ...reminderWarnings(platform, now),
    ...mailWarnings(platform),
  ];
}

/** Zone data change: a zone that was known when it was set may not be known to the Node of today. */
const zoneWarnings = ({ timeZone, reminders: { enabled } }: Platform): string[] =>
  isTimeZone(timeZone)
    ? []
    : [
        `This server does not know the time zone ${timeZone}. Times are shown in UTC${enabled ? ', and there are no reminder runs' : ''} until a zone that it knows is set.`,
      ];

function mailWarnings({ mail: { subject } }: Platform): string[] {
  const subjects = typeof subject === 'string' ? [subject] : Object.values(subject ?? {});
  return subjects.every((text) => text === undefined || isTelling(text))
    ? []
    : ['A subject of mails should say what and until when, with {folder} and {until}.'];
}

function stallWarnings(platform: Platform): string[] {
  const warnings: string[] = [];
  if (durationMs(platform.stallNotice) >= durationMs(platform.stallLimit))
    warnings.push(
      `An upload without progress is given up after ${platform.stallLimit}, before its operator would be told of the stall after ${platform.stallNotice}.`,
    );
  if (durationMs(platform.stallLimit) < SHORT_STALL_MS)
    warnings.push(
      `An upload is given up after ${platform.stallLimit} without progress; a computer that is switched off overnight needs longer, as in P7D.`,
    );
  return warnings;
}

function reminderWarnings(platform: Platform, now: Date): string[] {
  if (!platform.reminders.enabled) return [];
  return scheduleWarnings({
    schedule: platform.reminders.schedule,
    timeZone: platform.timeZone,
    linkLifetimeMs: durationMs(platform.linkLifetime),
    minimumAgeMs: durationMs(platform.reminders.minimumAge),
    minimumSpacingMs: durationMs(platform.reminders.minimumSpacing),
    maxReminders: platform.reminders.maxReminders,
    quietHours: platform.reminders.quietHours,
    closedDays: platform.reminders.closedDays,
    now,
  });
}
