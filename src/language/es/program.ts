// How to get the Data Mover and use it. Commands and names of programs stand outside, or stay as they are.

export const program = {
  'program.intro':
    'Envía lo que un instrumento ha adquirido y descarga lo que ofrece el enlace de un correo. Cada archivo se verifica y, después de una interrupción, el mismo comando continúa donde se detuvo.',
  'program.absent': 'El programa no está en este servidor; consulte a sus administradores.',
  'program.toFetch': 'Para descargar datos',
  'program.toFetch.text': 'Con el enlace del correo, en una carpeta que puede contener ya parte de los datos:',
  'program.windows': 'Windows 10 y posteriores',
  'program.node': 'Node 20.19 o posterior, una sola vez:',
  'program.olderNode': 'o https://nodejs.org, si esa versión es anterior a la 20.19',
  'program.fetch': 'El programa y su suma de comprobación, que debe coincidir con la de arriba:',
  'program.proxy':
    'Si la red solo deja salir a los equipos a través de un proxy, indíquelo antes de la primera orden, sin usuario ni contraseña si no los pide:',
  'program.atInstrument': 'En el instrumento, con el settings.xml que le dieron los administradores:',
  'program.atStart.windows':
    'Para vigilar una carpeta desde que arranca el equipo, cree en el Programador de tareas una tarea que se ejecute «Al iniciar el sistema», haya o no una sesión iniciada, con el programa «node» y los argumentos del último comando.',
  'program.atStart.macOS':
    'Para vigilar una carpeta desde que arranca el equipo, ponga el último comando en un archivo de propiedades (.plist) en /Library/LaunchDaemons, con RunAtLoad y KeepAlive.',
  'program.atStart.linux':
    'Para vigilar una carpeta desde que arranca el equipo, cree un servicio de systemd cuyo ExecStart sea el último comando, con Restart=on-failure.',
} as const;
