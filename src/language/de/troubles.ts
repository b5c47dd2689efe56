// What people are told when something did not work. Programs are told the same in English.

export const troubles = {
  'trouble.methodNotOffered':
    'Die Plattform bietet diesen Weg zu den Daten nicht an. Bitte wählen Sie einen anderen, oder wenden Sie sich an {contact}.',
  'trouble.tooManyLogons':
    'Für dieses Konto wurden zu viele Anmeldungen abgelehnt. Damit es nicht gesperrt wird, warten Sie bitte {minutes, plural, one {# Minute} other {# Minuten}}.',
  'trouble.tooManyGuesses':
    'Aus diesem Netz kamen zu viele Links, die hier nicht bekannt sind. Bitte warten Sie {seconds, plural, one {# Sekunde} other {# Sekunden}}.',
  'trouble.tooOften':
    'Dieser Link ist abgelaufen und wurde zu oft aufgerufen. Bitte warten Sie {seconds, plural, one {# Sekunde} other {# Sekunden}}.',
  'trouble.askedTooSoon':
    'Ein Antrag auf mehr Zeit wurde im Laufe des letzten Tages abgelehnt. Bitte wenden Sie sich an {contact}, oder stellen Sie hier morgen einen neuen.',
  'trouble.onlyByButton':
    'Diese Adresse gehört zu einer Schaltfläche. Bitte öffnen Sie den Link aus der E-Mail und verwenden Sie dort die Schaltfläche.',
  'trouble.unavailable':
    'Die Daten sind zurzeit nicht erreichbar. Bitte versuchen Sie es gleich noch einmal; es ist nichts verloren.',
  'trouble.nothingHere': 'An dieser Adresse gibt es nichts.',
  'trouble.request':
    'Was Ihr Browser gesendet hat, lässt sich hier nicht verwenden. Bitte gehen Sie zurück und versuchen Sie es noch einmal.',
  'trouble.internal':
    'Hier ist ein unerwarteter Fehler aufgetreten. Bitte versuchen Sie es noch einmal. Gelingt es auch dann nicht, nennen Sie der Administration dieses Dienstes diese Nummer: {requestId}.',
  'copyTrouble.fields':
    'Geben Sie Domäne, Benutzername und Passwort oder ein Token an, dazu den vollständigen Pfad eines Ziel-Namespace.',
  'copyTrouble.logon':
    'Mediaflux hat die Anmeldung abgelehnt: Domäne, Benutzername oder Passwort ist falsch. Für ein Konto mit zweitem Faktor brauchen Sie stattdessen ein Identity-Token.',
  'copyTrouble.token': 'Mediaflux hat das Token abgelehnt: Es ist falsch oder abgelaufen.',
  'copyTrouble.readOnly': 'Dieses Konto darf in {namespace} nicht schreiben.',
  'copyTrouble.parentMissing':
    '{namespace} kann nicht angelegt werden: Für dieses Konto ist kein Namespace {parent} sichtbar.',
  'copyTrouble.parentReadOnly':
    '{namespace} kann nicht angelegt werden: Dieses Konto darf in {parent} nicht schreiben.',
  'copyTrouble.changed':
    'In Mediaflux {files, plural, one {liegt # Datei} other {liegen # Dateien}} ({bytes, number} Byte) statt der hochgeladenen {ofFiles, number} ({ofBytes, number} Byte). Bitte geben Sie der Plattform Bescheid.',
  'copyTrouble.differs':
    '{path} ist schon vorhanden und weicht ab; überschrieben wird nichts. Verschieben Sie das Vorhandene, oder wählen Sie ein anderes Ziel.',
  'copyTrouble.notWhole':
    '{path} ist nicht vollständig angekommen: Größe oder Prüfsumme weicht ab. Starten Sie die Kopie noch einmal.',
  'copyTrouble.ended': 'Die Plattform hat den Link zurückgezogen, während die Kopie lief.',
  'copyTrouble.expired':
    'Der Link ist vor mehr als einer Woche abgelaufen. Bitte fragen Sie die Plattform nach einem neuen.',
  'copyTrouble.loggedOff':
    'Die Anmeldung ist inzwischen abgelaufen. Starten Sie die Kopie noch einmal: Was schon vorhanden ist, wird übersprungen.',
  'copyTrouble.notPermitted': 'Dieses Konto darf dort nicht (mehr) schreiben. Wählen Sie ein anderes Ziel.',
  'copyTrouble.quota':
    'Der Speicherplatz (Quota) des Ziels ist aufgebraucht. Schaffen Sie Platz und starten Sie die Kopie noch einmal: Sie wird fortgesetzt.',
  'copyTrouble.name': 'Mediaflux hat den Namen des Ziels abgelehnt. Wählen Sie einen anderen.',
} as const;
