// What mails and pages of every kind have in common: quantities, moments, the choice of a language.

export const general = {
  'quantity.files': '{count, plural, one {# archivo} many {# de archivos} other {# archivos}}',
  // No “a las”: at one o’clock it would have to be “a la”.
  'moment.full': '{date}, {time}\u00a0h ({zone})',
  'moment.lessThanAMinute': 'menos de un minuto',
  'line.fact': '{name}: {value}',
  'languages.label': 'Idioma',
} as const;
