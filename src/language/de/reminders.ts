// Reminders and what operators are told of them.

export const reminders = {
  'reminder.subject': 'Erinnerung: {folder} von {platform}, bis {until}',
  'reminder.lastSubject': 'Letzte Erinnerung: {folder} von {platform}, bis {until}',
  'reminder.preheader': 'Noch nicht abgerufen. Verbleibende Zeit: {left}.',
  'reminder.intro': 'Daten von {platform} liegen für Sie bereit und wurden noch nicht abgerufen.',
  'reminder.part': 'Bisher haben Sie {done, number} von {all, plural, one {# Datei} other {# Dateien}} abgerufen.',
  'reminder.last': 'Dies ist die letzte Erinnerung: Die Links laufen ab, bevor die nächste versendet würde.',
  'reminder.have':
    'Haben Sie schon, was Sie brauchen? Dann teilen Sie es uns auf der Seite mit, und es folgt keine Erinnerung mehr.',
  'reminder.stop': 'Keine Erinnerungen an diese Daten mehr:',
  'notice.subject': '{platform}: {count, plural, one {# Erinnerung} other {# Erinnerungen}} versendet',
  'notice.intro': 'Folgende Personen wurden an Daten erinnert, die sie noch nicht abgerufen haben:',
  'notice.sent': '{recipient}: {folder}, bis {until}',
  'notice.notSent': 'Folgende Erinnerungen wurden nicht versendet:',
  'notice.failed': '{recipient}: {folder}: {reason}',
  'notice.unknown': 'Der Mailserver hat sie nicht bestätigt; vielleicht ist sie angekommen.',
  'notice.fallback':
    'In den Metadaten des Mediaflux-Projekts steht keine gültige Adresse, deshalb geht diese E-Mail an die Adresse der Upload-Freigabe.',
  'vanished.subject': '{platform}: {folder} ist nicht mehr in Mediaflux vorhanden',
  'vanished.intro':
    'Die bereitgestellten Daten sind nicht mehr dort, wo sie waren. Ihre Links gelten nicht mehr, und es werden keine Erinnerungen versendet. Die Daten gingen an: {recipients}.',
} as const;
