// A platform as the API shows it, with what looks wrong about legal choices.

import { scheduleWarnings } from '../schedule/index.js';
import { durationMs } from '../time/index.js';
import type { Platform } from './platform.js';

export function platformView(platform: Platform, now: Date) {
  const { enabledAt: _, ...reminders } = platform.reminders;
  return {
    ...platform,
    reminders,
    createdAt: platform.createdAt.toISOString(),
    updatedAt: platform.updatedAt.toISOString(),
    warnings: warningsOf(platform, now),
  };
}

function warningsOf(platform: Platform, now: Date): string[] {
  if (!platform.reminders.enabled) return [];
  return scheduleWarnings({
    schedule: platform.reminders.schedule,
    timeZone: platform.timeZone,
    linkLifetimeMs: durationMs(platform.linkLifetime),
    minimumAgeMs: durationMs(platform.reminders.minimumAge),
    now,
  });
}
