// How to get the Data Mover and use it. Commands and names of programs stand outside, or stay as they are.

export const program = {
  'program.intro':
    'Er sendet, was ein Gerät aufgenommen hat, und ruft ab, was ein Link in einer E-Mail anbietet. Jede Datei wird geprüft, und nach einer Unterbrechung macht derselbe Befehl dort weiter, wo er stehen geblieben ist.',
  'program.absent': 'Das Programm liegt nicht auf diesem Server; bitte fragen Sie dessen Administration.',
  'program.toFetch': 'Daten abrufen',
  'program.toFetch.text':
    'Mit dem Link aus der E-Mail, in einen Ordner, der einen Teil der Daten bereits enthalten darf:',
  'program.windows': 'Windows 10 und neuer',
  'program.node': 'Node 20.19 oder neuer, einmalig:',
  'program.olderNode': 'oder https://nodejs.org, falls dies älter als 20.19 ist',
  'program.fetch': 'Das Programm und seine Prüfsumme, die mit der oben genannten übereinstimmen muss:',
  'program.proxy':
    'Wenn das Netz Rechner nur über einen Proxy hinauslässt, nennen Sie ihn vor dem ersten Befehl, ohne Benutzer und Passwort, falls er keine verlangt:',
  'program.atInstrument': 'Am Gerät, mit der settings.xml, die Sie von der Administration erhalten haben:',
  'program.atStart.windows':
    'Um einen Ordner ab dem Start des Computers zu überwachen, legen Sie in der Aufgabenplanung eine Aufgabe an, die „Beim Start“ ausgeführt wird, unabhängig davon, ob jemand angemeldet ist, mit dem Programm „node“ und den Argumenten des letzten Befehls.',
  'program.atStart.macOS':
    'Um einen Ordner ab dem Start des Computers zu überwachen, schreiben Sie den letzten Befehl in eine Property-Liste in /Library/LaunchDaemons mit RunAtLoad und KeepAlive.',
  'program.atStart.linux':
    'Um einen Ordner ab dem Start des Computers zu überwachen, legen Sie einen systemd-Dienst mit dem letzten Befehl als ExecStart und mit Restart=on-failure an.',
} as const;
