// Mails about deliveries.

export const deliveries = {
  'dispatch.subject': '{platform}: Ihre Daten {folder} ({size}), bis {until}',
  'dispatch.preheader': '{files}, {size}. Die Links gelten bis {until}.',
  'mail.greeting': 'Guten Tag,',
  'dispatch.intro':
    '{platform} hat Daten für Sie hochgeladen. Sie sind vollständig angekommen: Anzahl, Größen und Prüfsummen aller Dateien wurden geprüft.',
  'data.folder': 'Daten',
  'data.size': 'Größe',
  'data.sizeValue': '{size} in {files}',
  'data.sender': 'Von',
  'data.senderValue': '{operator}, {platform}',
  'data.keywords': 'Stichwörter',
  'data.note': 'Hinweis',
  'data.uploaded': 'Hochgeladen',
  'data.until': 'Verfügbar bis',
  'data.untilValue': '{until} – noch {left}',
  'methods.heading': 'So erhalten Sie die Daten',
  'methods.page': 'Alle Wege und die Liste der Dateien finden Sie auf dieser Seite:',
  'methods.why.direct': 'Bei dieser Größe ist die Zip-Datei am einfachsten.',
  'methods.why.data-mover':
    'Bei dieser Größe empfehlen wir den Data Mover: Er macht nach einer Unterbrechung weiter und prüft jede Datei.',
  'methods.data-mover.title': 'Mit dem Data Mover',
  'methods.data-mover.text':
    'Für Daten jeder Größe. Er macht nach einer Unterbrechung weiter und prüft jede Datei. Wie Sie ihn einmalig einrichten, steht auf der Seite; dann lautet der Befehl:',
  'methods.direct.title': 'Als eine Zip-Datei',
  'methods.direct.text':
    'Sie müssen nichts installieren. Öffnen Sie die Seite und klicken Sie auf „Zip-Datei herunterladen“, oder verwenden Sie diesen Befehl (unter Windows mit curl.exe statt curl):',
  'methods.copy.title': 'Als Kopie in Ihrem eigenen Mediaflux-Projekt',
  'methods.copy.text':
    'Wenn Sie ein Mediaflux-Konto haben: Öffnen Sie die Seite und wählen Sie „In mein Projekt kopieren“.',
  'methods.parts': 'Falls Ihr E-Mail-Programm Links verändert, sind dies die Bestandteile:',
  'methods.server': 'Server: {server}',
  'methods.token': 'Token: {token}',
  'mail.keepSecret': 'Wer den Link hat, kann die Daten abrufen. Bitte geben Sie ihn nicht weiter.',
  'mail.contact': 'Fragen? {name}, {email}',
  'calendar.summary': 'Links laufen ab: {folder}',
  'calendar.description':
    'Die Links zu Ihren Daten von {platform} gelten bis {until}. Sie stehen in der E-Mail, mit der dieser Termin kam.',
  'uploaded.subject': '{platform}: {folder} ist angekommen und geprüft',
  'uploaded.intro':
    'Der Upload ist vollständig: {files}, {size}. Anzahl, Größen und Prüfsummen wurden mit dem Bestand in Mediaflux verglichen.',
  'uploaded.recipients': 'Eine E-Mail mit Links geht an:',
  'stalled.subject': '{platform}: Der Upload {folder} wurde aufgegeben',
  'stalled.text':
    'Für diesen Upload ist {after} lang nichts angekommen, deshalb wurde er aufgegeben. Es wurde noch niemand über die Daten benachrichtigt. Was angekommen ist, bleibt in Mediaflux; wenn Sie denselben Upload-Befehl noch einmal ausführen, geht der Upload dort weiter, wo er stehen geblieben ist.',
  'stalling.subject': '{platform}: Der Upload {folder} kommt nicht voran',
  'stalling.text':
    'Für diesen Upload ist schon {since} lang nichts mehr angekommen. Ist der Computer eingeschaltet, und läuft dort der Data Mover? Wenn Sie denselben Upload-Befehl noch einmal ausführen, geht der Upload dort weiter, wo er stehen geblieben ist. Kommt der Upload {limit} lang nicht voran, wird er aufgegeben.',
  'stalling.from': 'Computer',
  'verificationFailing.subject': '{platform}: Der Upload {folder} lässt sich nicht prüfen',
  'verificationFailing.text':
    'Der Computer hat alles gesendet, aber der Vergleich der Dateien mit dem Manifest ist schon {since} lang nicht zum Abschluss gekommen{failures, plural, =0 {} one {; ein Versuch ist gescheitert} other {; # Versuche sind gescheitert}}. Der Vergleich wird automatisch weiter versucht. Über die Daten wurde noch niemand benachrichtigt; sie bleiben in Mediaflux.',
  'verificationFailing.trouble': 'Letzter Grund',
  'verificationFailing.what':
    'Wenn der Grund nicht bald behoben ist, fragen Sie bitte die Administration: Einzelheiten stehen im Protokoll des Dienstes. Der Upload kann auch aufgegeben und wiederholt werden.',
  'changed.subject': '{platform}: Der Upload {folder} hat sich seit der Prüfung geändert',
  'changed.text':
    'Dieser Upload war am {verified} geprüft und vollständig. Am {found} hat der Dienst den Ordner in Mediaflux noch einmal angesehen: Er enthält nicht mehr das, was geprüft wurde. Vielleicht ist eine Datei, die noch unterwegs war, erst danach angekommen, oder jemand hat den Ordner geändert. Die Empfänger wurden nicht benachrichtigt, und die Links gelten weiter.',
  'changed.namespace': 'Namespace in Mediaflux',
  'changed.then': 'Geprüft',
  'changed.now': 'Jetzt vorhanden',
  'changed.differing':
    '{count, plural, one {# Datei weicht von dem ab, was geprüft wurde:} other {# Dateien weichen von dem ab, was geprüft wurde:}}',
  'changed.missing': '{path} (fehlt)',
  'changed.unexpected': '{path} (gehörte nicht zum Upload)',
  'changed.content': '{path} (hat einen anderen Inhalt)',
  'changed.more': '{count, plural, one {und # weitere} other {und # weitere}}',
  'changed.compare':
    'Bitte vergleichen Sie: mit den Dateien auf dem Computer des Geräts oder durch einen Download mit dem Data Mover, der keine Datei behält, die vom Geprüften abweicht, und sie nennt. Der direkte Download und die Kopie liefern die Dateien, wie sie jetzt sind.',
  'changed.what':
    'Entscheiden Sie dann. War die Änderung beabsichtigt, ist nichts zu tun. Wenn nicht, legen Sie die geprüften Dateien wieder ab oder laden Sie die Daten noch einmal hoch, und lassen Sie die Administration die Links widerrufen und die Daten neu bereitstellen.',
  'accessed.subject.data-mover': '{platform}: {recipient} hat {folder} heruntergeladen',
  'accessed.subject.direct': '{platform}: {recipient} hat einen direkten Download von {folder} gestartet',
  'accessed.subject.copy': '{platform}: {recipient} hat {folder} kopiert',
  'accessed.text.data-mover': '{recipient} hat die Daten mit dem Data Mover heruntergeladen.',
  'accessed.text.direct':
    '{recipient} hat einen direkten Download gestartet. Ob er vollständig war, lässt sich nicht feststellen.',
  'accessed.part.subject': '{platform}: {recipient} hat einen Teil von {folder} heruntergeladen',
  'accessed.part.text':
    '{recipient} hat mit dem Data Mover {done, number} von {all, plural, one {# Datei} other {# Dateien}} heruntergeladen.',
  'accessed.text.copy': '{recipient} hat die Daten in ein Mediaflux-Projekt kopiert.',
  'moreTime.subject': '{platform}: {recipient} bittet um mehr Zeit für {folder}',
  'moreTime.text':
    'Die Links für {recipient} zu diesen Daten sind am {ended} abgelaufen; nun wurden neue beantragt. Die Daten selbst werden durch das Ablaufen der Links nicht gelöscht.',
  'moreTime.grant':
    'Die Administration kann den Antrag anhand der unten stehenden Nummer gewähren oder ablehnen. Wird er gewährt, geht ein neuer Link an dieselbe Adresse. Soll es keinen geben, ist nichts zu tun.',
  'moreTime.request': 'Antrag',
  'notDelivered.subject': '{platform}: E-Mail an {recipient} nicht angekommen',
  'notDelivered.text':
    'Die E-Mail mit den Links ist bei {recipient} nicht angekommen: Der dortige Mailserver war so lange nicht erreichbar oder hat sie so lange nicht angenommen, dass die Zustellung aufgegeben wurde. Die Adresse kann trotzdem richtig sein. Bitte lassen Sie sie prüfen; ein neuer Link kann an sie oder an eine andere gesendet werden: vom Gerät aus bis einen Tag nach dem Upload, durch die Administration jederzeit.',
  'undeliverable.subject': '{platform}: E-Mail an {recipient} nicht zustellbar',
  'undeliverable.text':
    'Der Mailserver hat die Adresse {recipient} endgültig abgelehnt: E-Mails zu diesen Daten kommen dort nicht an, und Erinnerungen gehen nicht mehr dorthin. Bitte lassen Sie die Adresse berichtigen: Vom Gerät aus geht das bis einen Tag nach dem Upload, durch die Administration jederzeit.',
} as const;
