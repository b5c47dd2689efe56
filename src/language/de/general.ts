// What mails and pages of every kind have in common: quantities, moments, the choice of a language.

export const general = {
  'quantity.files': '{count, plural, one {# Datei} other {# Dateien}}',
  'moment.full': '{date}, {time} Uhr ({zone})',
  'moment.lessThanAMinute': 'weniger als eine Minute',
  'line.fact': '{name}: {value}',
  'languages.label': 'Sprache',
} as const;
