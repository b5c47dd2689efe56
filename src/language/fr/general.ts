// What mails and pages of every kind have in common: quantities, moments, the choice of a language.

export const general = {
  'quantity.files': '{count, plural, one {# fichier} many {# de fichiers} other {# fichiers}}',
  'moment.full': '{date} à {time} ({zone})',
  'moment.lessThanAMinute': 'moins d’une minute',
  'line.fact': '{name} : {value}',
  'languages.label': 'Langue',
} as const;
