// Reminders and what operators are told of them.

export const reminders = {
  'reminder.subject': 'Reminder: {folder} from {platform}, until {until}',
  'reminder.lastSubject': 'Last reminder: {folder} from {platform}, until {until}',
  'reminder.preheader': 'Not fetched yet. {left} left.',
  'reminder.intro': 'Data from {platform} are waiting for you, and have not been fetched yet.',
  'reminder.part': 'You have fetched {done, number} of {all, number} files so far.',
  'reminder.last': 'This is the last reminder: the links end before another one would be sent.',
  'reminder.have': 'Have you got what you need? Say so on the page, and no reminder will follow.',
  'reminder.stop': 'No more reminders about these data:',
  'notice.subject': '{platform}: {count, plural, one {1 reminder was} other {# reminders were}} sent',
  'notice.intro': 'These people were reminded of data that they have not fetched:',
  'notice.sent': '{recipient}: {folder}, until {until}',
  'notice.notSent': 'These reminders were not sent:',
  'notice.failed': '{recipient}: {folder}: {reason}',
  'notice.unknown': 'the mail server did not confirm it; it may have arrived',
  'notice.fallback':
    'The metadata of the Mediaflux project name no valid address, so this goes to the address of the upload shareable.',
  'vanished.subject': '{platform}: {folder} is no longer in Mediaflux',
  'vanished.intro':
    'The data that were dispatched are no longer where they were. Their links have ended, and no reminder is sent. Recipients: {recipients}.',
} as const;
