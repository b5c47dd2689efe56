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
  'copyTrouble.fields': 'Geben Sie Domäne, Benutzername und Passwort oder ein Token an.',
  'copyTrouble.logon':
    'Mediaflux hat die Anmeldung abgelehnt: Domäne, Benutzername oder Passwort ist falsch. Für ein Konto mit zweitem Faktor brauchen Sie stattdessen ein Identity-Token.',
  'copyTrouble.token': 'Mediaflux hat das Token abgelehnt: Es ist falsch oder abgelaufen.',
  'copyTrouble.readOnly': 'Dieses Konto darf in {namespace} nicht schreiben.',
  'copyTrouble.ownData': '{namespace} gehört zu diesen Daten selbst. Wählen Sie ein anderes Ziel.',
  'copyTrouble.parentMissing':
    '{namespace} kann nicht angelegt werden: Für dieses Konto ist kein Namespace {parent} sichtbar.',
  'copyTrouble.parentReadOnly':
    '{namespace} kann nicht angelegt werden: Dieses Konto darf in {parent} nicht schreiben.',
  'copyTrouble.changed':
    'In Mediaflux {files, plural, one {liegt # Datei} other {liegen # Dateien}} ({bytes, number} Byte) statt der hochgeladenen {ofFiles, number} ({ofBytes, number} Byte). Bitte geben Sie der Plattform Bescheid.',
  'copyTrouble.differs':
    '{path} ist schon vorhanden und weicht ab; überschrieben wird nichts. Verschieben Sie das Vorhandene, oder wählen Sie ein anderes Ziel.',
  'copyTrouble.notWhole':
    '{path} ist nicht vollständig angekommen: Größe oder Prüfsumme weicht ab. Entfernen Sie es dort und melden Sie sich noch einmal an: Die Kopie geht dann weiter.',
  'copyTrouble.ended': 'Die Plattform hat den Link zurückgezogen, während die Kopie lief.',
  'copyTrouble.expired':
    'Der Link ist vor mehr als einer Woche abgelaufen. Bitte fragen Sie die Plattform nach einem neuen.',
  'copyTrouble.loggedOff':
    'Die Anmeldung ist abgelaufen, bevor die Kopie fertig war. Melden Sie sich noch einmal an: Die Kopie geht dort weiter, wo sie stand.',
  'copyTrouble.notPermitted':
    'Dieses Konto darf dort nicht (mehr) schreiben. Lassen Sie sich das Recht wieder geben und melden Sie sich noch einmal an, oder wählen Sie ein anderes Ziel.',
  'copyTrouble.quota':
    'Der Speicherplatz (Quota) des Ziels ist aufgebraucht. Schaffen Sie Platz und melden Sie sich noch einmal an: Die Kopie geht dann weiter.',
  'copyTrouble.name': 'Mediaflux hat den Namen des Ziels abgelehnt. Wählen Sie einen anderen.',
  'copyTrouble.path':
    'Wählen Sie ein Projekt, oder geben Sie den vollständigen Pfad eines Namespace ein, zum Beispiel /projects/proj-mine-1128.4.20/data.',
  'copyTrouble.secondFactor':
    'Mediaflux verlangt für dieses Konto einen zweiten Faktor, der hier nicht angegeben werden kann. Erstellen Sie in Mediaflux ein Identity-Token und verwenden Sie es anstelle des Passworts.',
  'copyTrouble.noPasswords':
    'Diese Plattform nimmt für Kopien keine Passwörter an. Verwenden Sie stattdessen Ihr Identity-Token.',
  'copyTrouble.logonOver': 'Sie sind nicht mehr angemeldet. Bitte melden Sie sich noch einmal an.',
  'copyTrouble.unexplained': 'Mediaflux hat wiederholt abgelehnt und meldet: {detail}',
  'copyTrouble.notResumable':
    'Diese Kopie läuft, ist fertig oder hat mit ihrem Link geendet. Eine neue Anmeldung nimmt sie nicht an.',
  'copyTrouble.placeTaken':
    'Eine andere Kopie dieser Daten nach {destination} läuft bereits und bringt dieselben Dateien. Warten Sie, bis sie endet; scheitert auch sie, lässt sich eine der beiden fortsetzen.',
  'copyTrouble.tooLate':
    'Der Link ist abgelaufen, und die Zeit, in der diese Kopie weitergehen konnte, ist vorbei. Bitte fragen Sie die Plattform nach einem neuen Link.',
} as const;
