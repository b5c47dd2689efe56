// What mails and pages of every kind have in common: quantities, moments, the choice of a language.

export const general = {
  'quantity.files': '{count, plural, one {# file} other {# files}}',
  'moment.full': '{date} at {time} ({zone})',
  'moment.lessThanAMinute': 'less than a minute',
  'line.fact': '{name}: {value}',
  'languages.label': 'Language',
} as const;
