// Reminders and what operators are told of them.

export const reminders = {
  'reminder.subject': 'Erinnerung: {folder} von {platform}, bis {until}',
  'reminder.lastSubject': 'Letzte Erinnerung: {folder} von {platform}, bis {until}',
  'reminder.preheader': 'Noch nicht abgerufen. Verbleibende Zeit: {left}.',
  'reminder.preheaderPart': 'Noch nicht alles abgerufen. Verbleibende Zeit: {left}.',
  'reminder.preheaderAgain': 'Verbleibende Zeit: {left}.',
  'reminder.intro': 'Daten von {platform} liegen für Sie bereit und wurden noch nicht abgerufen.',
  'reminder.introPart': 'Ein Teil Ihrer Daten von {platform} liegt noch für Sie bereit.',
  'reminder.introAgain': 'Ihre Daten von {platform} können weiterhin abgerufen werden.',
  'reminder.part': 'Bisher haben Sie {done, number} von {all, plural, one {# Datei} other {# Dateien}} abgerufen.',
  'reminder.last': 'Dies ist die letzte Erinnerung: Die Links laufen ab, bevor die nächste versendet würde.',
  'reminder.have':
    'Haben Sie schon, was Sie brauchen? Dann teilen Sie es uns auf der Seite mit, und es folgt keine Erinnerung mehr:',
  'reminder.stop': 'Keine Erinnerungen an diese Daten mehr:',
  'digest.subject':
    'Erinnerung: Daten von {platform} in {count, plural, one {# Ordner} other {# Ordnern}}, die ersten bis {until}',
  'digest.preheader': 'Noch nicht alles abgerufen. Verbleibende Zeit für die ersten Daten: {left}.',
  'digest.intro':
    'Daten von {platform} liegen für Sie bereit: {count, plural, one {# Ordner} other {# Ordner}}, jeder mit einem eigenen Link. Was zuerst abläuft, steht zuerst.',
  'digest.page': 'Alle Wege zu den Daten, die Liste der Dateien und wo Sie mitteilen, dass Sie alles haben:',
  'digest.others': 'Die übrigen laufen später ab. Alle Wege zu den Daten stehen auf ihren Seiten:',
  'digest.last':
    'Dies ist die letzte Erinnerung an diese Daten: Deren Links laufen ab, bevor die nächste versendet würde.',
  'digest.stopAll': 'An keine der Daten in dieser E-Mail mehr erinnern:',
  'digest.keepSecret': 'Wer einen der Links hat, kann dessen Daten abrufen. Bitte geben Sie die Links nicht weiter.',
  'notice.subject':
    '{platform}: {sent, plural, =0 {keine Erinnerung} one {# Erinnerung} other {# Erinnerungen}} versendet{failed, plural, =0 {} one {, # nicht versendet} other {, # nicht versendet}}{unknown, plural, =0 {} one {, # unbestätigt} other {, # unbestätigt}}',
  'notice.run':
    'Erinnerungen vom {slot}: {sent, number} versendet, {failed, number} nicht versendet, {unknown, number} unbestätigt.',
  'notice.intro': 'Folgende Personen wurden an ihre Daten erinnert:',
  'notice.sent': '{recipient}: {folder}, bis {until}',
  'notice.sentWithoutEnd': '{recipient}: {folder}',
  'notice.notSent': 'Folgende Erinnerungen wurden nicht versendet:',
  'notice.failed': '{what}: {reason}',
  'notice.unknown':
    'Folgende Erinnerungen hat der Mailserver nicht bestätigt. Vielleicht sind sie angekommen; sie werden nicht noch einmal versendet:',
  'notice.more': 'und {count, number} weitere',
  'notice.whole': 'Die Listen oben sind gekürzt. Die Administration kann den ganzen Lauf {run} einsehen.',
  'notice.leftOut': 'Ausgewählt, aber nicht mehr fällig, als die E-Mails versendet werden sollten:',
  'notice.leftOutLine': '{why}: {count, number}',
  'notice.reason.expired': 'Der Mailserver hat sie nicht angenommen, bevor die Links abliefen.',
  'notice.reason.refused': 'Der Mailserver hat die Adresse abgelehnt ({code}).',
  'notice.reason.unwritten':
    'Die E-Mail konnte nicht erstellt werden; die Administration findet den Grund im Protokoll.',
  'notice.ending.accessed': 'die Daten wurden abgerufen',
  'notice.ending.done': 'der Empfänger hat alles, was er braucht',
  'notice.ending.opted-out': 'der Empfänger möchte keine Erinnerungen mehr',
  'notice.ending.revoked': 'der Link wurde widerrufen',
  'notice.ending.gone': 'die Daten sind nicht mehr in Mediaflux vorhanden',
  'notice.ending.undeliverable': 'die Adresse ist nicht erreichbar',
  'notice.ending.superseded': 'ein späterer Link zu denselben Daten tritt an seine Stelle',
  'notice.ending.in-progress': 'eine Übertragung läuft',
  'notice.ending.too-soon': 'erst vor Kurzem erinnert',
  'notice.ending.enough': 'so oft erinnert, wie es erlaubt ist',
  'notice.ending.newer-run': 'ein neuerer Lauf trat an seine Stelle',
  'notice.ending.reminders-off': 'Erinnerungen wurden ausgeschaltet',
  'notice.ending.other': 'ein anderer Grund',
  'notice.single.subject.sent': '{platform}: {recipient} wurde an {folder} erinnert',
  'notice.single.subject.failed': '{platform}: {recipient} wurde nicht an {folder} erinnert',
  'notice.single.subject.unknown': '{platform}: Erinnerung an {recipient} zu {folder} unbestätigt',
  'notice.single.text.sent': '{recipient} wurde an diese Daten erinnert.',
  'notice.single.text.failed': 'Eine Erinnerung an {recipient} wurde nicht versendet.',
  'notice.single.text.unknown':
    'Der Mailserver hat eine Erinnerung an {recipient} nicht bestätigt. Vielleicht ist sie angekommen; sie wird nicht noch einmal versendet.',
  'notice.single.reason': 'Grund',
  'notice.fallback':
    'In den Metadaten des Mediaflux-Projekts steht keine gültige Adresse, deshalb geht diese E-Mail an die Adresse der Upload-Freigabe.',
  'vanished.subject': '{platform}: {folder} ist nicht mehr in Mediaflux vorhanden',
  'vanished.intro':
    'Die bereitgestellten Daten sind nicht mehr dort, wo sie waren. Ihre Links gelten nicht mehr, und es werden keine Erinnerungen versendet. Die Daten gingen an: {recipients}.',
} as const;
