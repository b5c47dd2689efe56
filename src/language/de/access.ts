// The pages behind a link.

export const access = {
  'page.title': 'Daten für Sie: {folder}',
  'page.files': 'Dateien',
  'page.left': 'noch {left}',
  'page.ended': 'Die Links sind abgelaufen.',
  'files.title': 'Dateien von {folder}',
  'files.trail': 'Übergeordnete Ordner',
  'files.name': 'Name',
  'files.count': 'Dateien',
  'files.more': 'Mehr aus diesem Ordner',
  'files.first': 'Anfang dieses Ordners',
  'files.empty': 'Dieser Ordner ist leer.',
  'page.direct.button': 'Zip-Datei herunterladen',
  'page.notForWindows':
    'Unter Windows {count, plural, one {lässt sich # Name in diesen Daten nicht verwenden, ist für viele Programme zu lang oder wäre} other {lassen sich # Namen in diesen Daten nicht verwenden, sind für viele Programme zu lang oder wären}} dort mit einem anderen gleich: Einer Zip-Datei, die dort entpackt wird, fehlen solche Dateien, oder eine ersetzt die andere. Entpacken Sie sie unter Linux, oder nehmen Sie den Data Mover, der solche Namen nennt, bevor er etwas holt.',
  'page.direct.started': 'Sie haben am {at} einen direkten Download gestartet.',
  'page.direct.hint':
    'Sie müssen nichts installieren. Die Zip-Datei ist so groß wie alle Dateien zusammen. Bricht der Download ab, beginnt er von vorn.',
  'page.direct.after':
    'Wenn er nicht gelingt, laden Sie diese Seite neu und teilen Sie es uns hier mit: Dann werden Sie weiterhin erinnert.',
  'page.direct.afterPlain': 'Wenn er nicht gelingt, laden Sie diese Seite neu und teilen Sie es uns hier mit.',
  'page.notReceived.button': 'Es hat nicht funktioniert, bitte weiter erinnern',
  'page.notReceived.plain': 'Es hat nicht funktioniert',
  'page.notReceived.said':
    'Sie haben am {at} angegeben, dass es nicht funktioniert hat; Sie werden also weiterhin erinnert.',
  'page.notReceived.saidPlain': 'Sie haben am {at} angegeben, dass es nicht funktioniert hat.',
  'page.notReceived.undo': 'Rückgängig: Es hat funktioniert',
  'confirm.title': '{size} als eine Zip-Datei herunterladen?',
  'confirm.text':
    'Das ist mehr, als ein Browser gut bewältigt: Bricht der Download der Zip-Datei ab, beginnt er von vorn, und niemand prüft, ob sie vollständig angekommen ist. Der Data Mover macht dort weiter, wo er stehen geblieben ist, und prüft jede Datei.',
  'confirm.button': 'Zip-Datei trotzdem herunterladen',
  'page.data-mover.completed': 'Mit dem Data Mover heruntergeladen am {at}.',
  'page.data-mover.text': 'Für Daten jeder Größe. Er macht nach einer Unterbrechung weiter und prüft jede Datei.',
  'page.data-mover.part':
    'Mit dem Data Mover heruntergeladen, Stand {at}: {done, number} von {all, plural, one {# Datei} other {# Dateien}}.',
  'page.data-mover.failed':
    'Ein Download mit dem Data Mover ist am {at} abgebrochen: {done, number} von {all, plural, one {# Datei} other {# Dateien}}. Derselbe Befehl macht dort weiter.',
  'page.data-mover.started':
    'Am {at} hat ein Download mit dem Data Mover begonnen: {done, number} von {all, plural, one {# Datei} other {# Dateien}}.',
  'firstUse.handheld':
    'Für den Data Mover brauchen Sie einen Computer: Öffnen Sie diese Seite dort, oder übertragen Sie den Befehl dorthin.',
  'firstUse.on.windows': 'Unter Windows',
  'firstUse.on.macos': 'Unter macOS',
  'firstUse.on.linux': 'Unter Linux',
  'firstUse.open.windows':
    'Öffnen Sie „Terminal“, „PowerShell“ oder „Eingabeaufforderung“, wechseln Sie in den Ordner, in dem die Daten liegen sollen, und fügen Sie ein:',
  'firstUse.open.posix':
    'Öffnen Sie ein Terminal, wechseln Sie in den Ordner, in dem die Daten liegen sollen, und fügen Sie ein:',
  'firstUse.node': 'Einmalig, falls Node 20.19 oder neuer fehlt:',
  'firstUse.get': 'Einmalig, das Programm:',
  'firstUse.run': 'Der Download:',
  'firstUse.again': 'Wenn er abbricht, fügen Sie die letzte Zeile noch einmal ein: Er geht dann weiter.',
  'firstUse.more': 'Mehr über den Data Mover, mit seiner Prüfsumme',
  'page.copy.text': 'Wenn Sie ein Mediaflux-Konto haben. Die Daten laufen dabei nicht über Ihren Computer.',
  'page.copy.look': 'Wie weit die letzte Kopie ist',
  'page.copy.progress': 'Bisher {done, number} von {all, plural, one {# Datei} other {# Dateien}}.',
  'page.copy.button': 'In mein Projekt kopieren',
  'page.copy.completed': 'In ein Projekt kopiert am {at}.',
  'page.copy.requested': 'Am {at} wurde eine Kopie angefordert.',
  'page.copy.failed': 'Am {at} ist eine Kopie gescheitert.',
  'page.done.heading': 'Haben Sie alles?',
  'page.done.text': 'Dann teilen Sie es uns mit, und wir erinnern Sie nicht mehr.',
  'page.done.button': 'Ich habe alles, was ich brauche',
  'page.done.said': 'Sie haben am {at} angegeben, dass Sie alles haben. Sie erhalten keine Erinnerung mehr.',
  'page.done.undo': 'Rückgängig: doch erinnern',
  'page.done.undoPlain': 'Rückgängig machen',
  'page.optedOut':
    'Erinnerungen an diese Daten wurden am {at} abgestellt, über den Link in einer E-Mail. Derselbe Link stellt sie wieder an.',
  'page.curl': 'Auf der Kommandozeile:',
  'copyForm.title': '{folder} in Ihr Mediaflux-Projekt kopieren',
  'copyForm.intro':
    'Die Dateien werden in den Namespace kopiert, den Sie wählen. Er wird angelegt, sofern der übergeordnete vorhanden ist. Vorhandenes wird nicht überschrieben.',
  'copyForm.power':
    'Mit Ihrer Anmeldung erstellt dieser Dienst ein kurzlebiges Token in Ihrem Namen, verwendet es nur für diese Kopie und löscht es am Ende. Solange es gilt, berechtigt es zu allem, was auch Sie dürfen. Ihr Passwort wird einmal verwendet und nicht gespeichert.',
  'copyForm.domain': 'Domäne',
  'copyForm.user': 'Benutzername',
  'copyForm.password': 'Passwort',
  'copyForm.token': 'Oder Ihr Identity-Token (für Konten mit zweitem Faktor)',
  'copyForm.destination':
    'Ziel-Namespace, zum Beispiel /projects/proj-mine-1128.4.20/from-microscopy; lassen Sie das Feld leer, um als Nächstes aus Ihren Projekten zu wählen',
  'copyForm.submit': 'Weiter',
  'copyForm.problem': 'Die Kopie wurde nicht gestartet:',
  'copyForm.tokenPower':
    'Ihr Token wird nur für diese Kopie verwendet. Es bleibt bis zum Ende der Kopie verschlüsselt gespeichert und wird dann vergessen; gelöscht wird es in Mediaflux nicht.',
  'copyForm.tokenOnly':
    'Diese Plattform nimmt für Kopien keine Passwörter an. Erstellen Sie in Mediaflux ein Identity-Token und geben Sie dieses an.',
  'copyForm.ownToken': 'Identity-Token',
  'copyChoice.title': 'Wohin soll {folder} kopiert werden?',
  'copyChoice.projects': 'Projekte, in denen Sie schreiben dürfen',
  'copyChoice.none':
    'Mediaflux zeigt kein Projekt, in dem dieses Konto schreiben darf. Geben Sie den vollständigen Pfad eines Namespace ein.',
  'copyChoice.more': 'Sie sehen mehr Projekte, als hier aufgeführt sind. Geben Sie für ein anderes den Pfad ein.',
  'copyChoice.folder': 'Ordner im Projekt',
  'copyChoice.destination': 'Oder ein anderer Namespace mit vollständigem Pfad',
  'copyChoice.until': 'Sie sind für eine Viertelstunde angemeldet. Was bis dahin nicht verwendet wird, wird vergessen.',
  'copyStart.title': 'Kopie von {folder} starten?',
  'copyStart.what': '{files, plural, one {# Datei wird} other {# Dateien werden}} nach {destination} kopiert ({size}).',
  'copyStart.isNew': 'Dieser Namespace wird angelegt.',
  'copyStart.isThere':
    'Dieser Namespace ist vorhanden. Was dort schon gleich ist, wird übersprungen; was abweicht, wird genannt, und überschrieben wird nichts.',
  'copyStart.submit': 'Kopie starten',
  'copyStart.back': 'Anderes Ziel wählen',
  'copyResume.heading': 'Diese Kopie fortsetzen',
  'copyResume.problem': 'Die Kopie wurde nicht fortgesetzt:',
  'copyResume.text':
    'Sie hielt nach {files, number} von {all, plural, one {# Datei} other {# Dateien}} an. Melden Sie sich noch einmal an, dann geht sie nach {destination} weiter; was dort schon gleich ist, wird übersprungen.',
  'copyResume.submit': 'Anmelden und fortsetzen',
  'copyResume.elsewhere': 'An ein anderes Ziel kopieren',
  'copyResume.other': 'Zeigen, wie weit sie ist',
  'copyState.title': 'Kopie von {folder}',
  'copyState.requested': 'Die Kopie wartet, bis sie an der Reihe ist.',
  'copyState.copying': 'Wird kopiert: bisher {files, number} von {all, plural, one {# Datei} other {# Dateien}}.',
  'copyState.completed':
    'Fertig und mit den Originalen verglichen: {files, plural, one {# Datei liegt} other {# Dateien liegen}} in {destination}.',
  'copyState.failed': 'Die Kopie wurde nicht abgeschlossen: {reason}',
  'copyState.refresh': 'Laden Sie diese Seite neu, um zu sehen, wie weit die Kopie ist.',
  'page.hidden':
    'Nicht für Menschen bestimmt: An diesem Link erkennen wir Programme, die jeden Link öffnen. Bitte folgen Sie ihm nicht.',
  'hidden.title': 'Hier ist nichts',
  'hidden.text':
    'Die Seite mit den Daten enthält diesen verborgenen Link, damit sich Programme erkennen lassen, die jeden Link einer E-Mail öffnen. Was von diesem Browser aus auf der Seite gestartet oder mitgeteilt wird, zählt eine Stunde lang nicht; Sie können also weiterhin Erinnerungen erhalten.',
  'notTaken.title': 'Das wurde nicht gezählt',
  'notTaken.text':
    'Von diesem Browser aus wurde kurz zuvor der verborgene Link der Seite geöffnet, wie es Mail-Scanner tun. Ihre Angabe wurde daher nicht übernommen. Bitte machen Sie sie in einer Stunde noch einmal.',
  'notAsked.text':
    'Von diesem Browser aus wurde kurz zuvor der verborgene Link der Seite geöffnet, wie es Mail-Scanner tun. Daher wurde niemand gefragt. Wenn Sie mehr Zeit brauchen, bitten Sie bitte in einer Stunde noch einmal darum.',
  'page.back': 'Zurück zu den Daten',
  'page.language.keep': 'Künftig E-Mails an mich auf Deutsch schreiben',
  'gone.title': 'Dieser Link gilt nicht mehr',
  'gone.text':
    'Die Daten selbst werden dadurch nicht gelöscht. Für einen neuen Link wenden Sie sich bitte an {name}, {email}.',
  'gone.replaced':
    'An die Adresse, an die dieser Link ging, wurde per E-Mail ein neuerer gesendet. Bitte verwenden Sie den aus der neueren E-Mail; ist sie nicht angekommen, wenden Sie sich bitte an {name}, {email}.',
  'gone.ask': 'Wenn Sie die Daten brauchen, wenden Sie sich bitte an {name}, {email}.',
  'gone.moreTime':
    'Oder beantragen Sie hier mehr Zeit: Wer darüber entscheidet, wird benachrichtigt. Ein neuer Link kommt dann per E-Mail an die Adresse, an die auch dieser ging.',
  'gone.moreTime.button': 'Mehr Zeit beantragen',
  'gone.moreTime.asked': 'Mehr Zeit wurde am {at} beantragt. Wird sie gewährt, kommt ein neuer Link per E-Mail.',
  'unknown.title': 'Dieser Link ist nicht bekannt',
  'unknown.text': 'Haben Sie ihn vollständig kopiert? E-Mail-Programme brechen lange Links manchmal um.',
  'trouble.title': 'Das hat nicht funktioniert',
  'unsubscribe.title': 'Erinnerungen an {folder}',
  'unsubscribe.titleOfSeveral': 'Erinnerungen an Daten in {count, plural, one {# Ordner} other {# Ordnern}}',
  'unsubscribe.text': 'Wir erinnern Sie an diese Daten, solange Sie sie nicht abgerufen haben.',
  'unsubscribe.button': 'Keine Erinnerungen mehr',
  'unsubscribe.said': 'Sie erhalten keine Erinnerungen an diese Daten mehr.',
  'unsubscribe.undo': 'Rückgängig: doch erinnern',
} as const;
