// The pages behind a link.

export const access = {
  'page.title': 'Datos para usted: {folder}',
  'page.files': 'Archivos',
  'page.moreFiles': 'y {count, number} más; Data Mover y el zip los descargan todos.',
  'page.direct.button': 'Descargar zip',
  'page.direct.started': 'Usted inició una descarga directa el {at}.',
  'page.direct.hint':
    'El zip ocupa lo mismo que todos los archivos juntos. Si la descarga se interrumpe, vuelve a empezar desde el principio.',
  'page.data-mover.completed': 'Descargado con Data Mover el {at}.',
  'page.data-mover.started':
    'Descarga con Data Mover iniciada el {at}: {done, number} de {all, plural, one {# archivo} many {# de archivos} other {# archivos}}.',
  'page.copy.button': 'Copiar a mi proyecto',
  'page.copy.completed': 'Copiado a un proyecto el {at}.',
  'page.copy.requested': 'Se solicitó una copia el {at}.',
  'page.copy.failed': 'Una copia falló el {at}.',
  'page.done.heading': '¿Ya lo tiene todo?',
  'page.done.text': 'Indíquelo aquí y no se le enviará ningún recordatorio.',
  'page.done.button': 'Tengo lo que necesito',
  'page.done.said': 'Usted indicó el {at} que tiene lo que necesita. No se le enviará ningún recordatorio.',
  'page.done.undo': 'Deshacer: quiero recibir recordatorios',
  'page.curl': 'Desde la línea de comandos:',
  'copyForm.title': 'Copiar {folder} a su proyecto de Mediaflux',
  'copyForm.intro':
    'Los archivos se copian en el espacio de nombres que usted indique. Si no existe, se crea, siempre que exista el superior. No se sobrescribe nada de lo que ya haya en él.',
  'copyForm.power':
    'Con su inicio de sesión, este servicio crea un token suyo de corta duración, lo usa únicamente para esta copia y lo destruye al terminar. Mientras existe, ese token permite hacer todo lo que usted puede hacer. Su contraseña se usa una sola vez y no se guarda.',
  'copyForm.domain': 'Dominio',
  'copyForm.user': 'Usuario',
  'copyForm.password': 'Contraseña',
  'copyForm.token': 'O bien un token de identidad suyo (para cuentas con un segundo factor)',
  'copyForm.destination': 'Espacio de nombres de destino, por ejemplo /projects/proj-mine-1128.4.20/from-microscopy',
  'copyForm.submit': 'Iniciar la copia',
  'copyForm.problem': 'La copia no se ha iniciado:',
  'copyState.title': 'Copia de {folder}',
  'copyState.requested': 'La copia espera su turno.',
  'copyState.copying':
    'Copia en curso: {files, number} de {all, plural, one {# archivo} many {# de archivos} other {# archivos}} hasta ahora.',
  'copyState.completed':
    'Terminado: en {destination} hay {files, plural, one {# archivo, comparado con el original} many {# de archivos, comparados con los originales} other {# archivos, comparados con los originales}}.',
  'copyState.failed': 'La copia no se completó: {reason}',
  'copyState.refresh': 'Vuelva a cargar esta página para ver el avance.',
  'page.hidden':
    'No es para personas: sirve para reconocer los programas que abren todos los enlaces. Por favor, no lo siga.',
  'hidden.title': 'Aquí no hay nada',
  'hidden.text':
    'La página contiene este enlace, oculto a la vista, para reconocer los programas que abren todos los enlaces de un correo. Durante una hora no cuenta nada de lo que se inicie o se indique en este enlace desde este navegador, así que es posible que sigan llegando recordatorios.',
  'notTaken.title': 'Esto no se ha tenido en cuenta',
  'notTaken.text':
    'Poco antes se abrió desde este navegador el enlace oculto de la página, como hacen los programas que analizan el correo, así que los recordatorios continúan. Si tiene lo que necesita, vuelva a indicarlo dentro de una hora.',
  'page.back': 'Volver a los datos',
  'page.language.keep': 'Quiero recibir los correos en español a partir de ahora',
  'gone.title': 'Este enlace ya no es válido',
  'gone.text': 'Los datos en sí no se borran por ello. Solicite un enlace nuevo a {name}, {email}.',
  'unknown.title': 'Este enlace no se reconoce',
  'unknown.text': '¿Lo copió entero? Los programas de correo a veces cortan los enlaces largos.',
  'trouble.title': 'No ha funcionado',
  'unsubscribe.title': 'Recordatorios sobre {folder}',
  'unsubscribe.text': 'Recibirá recordatorios sobre estos datos mientras no los haya recogido.',
  'unsubscribe.button': 'No quiero más recordatorios',
  'unsubscribe.said': 'No se le enviarán más recordatorios sobre estos datos.',
  'unsubscribe.undo': 'Deshacer: quiero recibir recordatorios',
} as const;
