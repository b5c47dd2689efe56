// The pages behind a link.

export const access = {
  'page.title': 'Datos para usted: {folder}',
  'page.files': 'Archivos',
  'page.left': 'Tiempo restante: {left}',
  'page.ended': 'Los enlaces han caducado.',
  'files.title': 'Archivos de {folder}',
  'files.trail': 'Carpetas superiores',
  'files.name': 'Nombre',
  'files.count': 'Archivos',
  'files.more': 'Más contenido de esta carpeta',
  'files.first': 'Principio de esta carpeta',
  'files.empty': 'Esta carpeta está vacía.',
  'page.direct.button': 'Descargar zip',
  'page.notForWindows':
    'En Windows, {count, plural, one {# nombre de estos datos no se puede usar, es demasiado largo para muchos programas o coincide con otro} many {# de nombres de estos datos no se pueden usar, son demasiado largos para muchos programas o coinciden con otros} other {# nombres de estos datos no se pueden usar, son demasiado largos para muchos programas o coinciden con otros}}: si descomprime allí el zip, faltarán esos archivos o uno ocupará el lugar de otro. Descomprímalo en Linux o use Data Mover, que indica esos nombres antes de descargar nada.',
  'page.direct.started': 'Usted inició una descarga directa el {at}.',
  'page.direct.hint':
    'No hay que instalar nada. El zip ocupa lo mismo que todos los archivos juntos. Si la descarga se interrumpe, vuelve a empezar desde el principio.',
  'page.direct.after':
    'Si no funciona, vuelva a cargar esta página e indíquelo aquí: así seguirá recibiendo recordatorios.',
  'page.direct.afterPlain': 'Si no funciona, vuelva a cargar esta página e indíquelo aquí.',
  'page.notReceived.button': 'No ha funcionado, quiero seguir recibiendo recordatorios',
  'page.notReceived.plain': 'No ha funcionado',
  'page.notReceived.said': 'Usted indicó el {at} que no había funcionado, por lo que seguirá recibiendo recordatorios.',
  'page.notReceived.saidPlain': 'Usted indicó el {at} que no había funcionado.',
  'page.notReceived.undo': 'Deshacer: sí ha funcionado',
  'confirm.title': '¿Descargar {size} en un solo archivo zip?',
  'confirm.text':
    'Es más de lo que un navegador descarga con fiabilidad: si la descarga del zip se interrumpe, vuelve a empezar desde el principio, y nada comprueba que haya llegado completo. Data Mover continúa donde se detuvo y verifica cada archivo.',
  'confirm.button': 'Descargar el zip de todos modos',
  'page.data-mover.completed': 'Descargado con Data Mover el {at}.',
  'page.data-mover.text':
    'Para datos de cualquier tamaño. Continúa después de una interrupción y verifica cada archivo.',
  'page.data-mover.part':
    'Descargados con Data Mover hasta el {at}: {done, number} de {all, plural, one {# archivo} many {# de archivos} other {# archivos}}.',
  'page.data-mover.failed':
    'Descarga con Data Mover interrumpida el {at}: {done, number} de {all, plural, one {# archivo} many {# de archivos} other {# archivos}}. El mismo comando la continúa.',
  'page.data-mover.started':
    'Descarga con Data Mover iniciada el {at}: {done, number} de {all, plural, one {# archivo} many {# de archivos} other {# archivos}}.',
  'firstUse.handheld':
    'Data Mover se ejecuta en un equipo de escritorio o portátil: abra allí esta página o copie allí el comando.',
  'firstUse.on.windows': 'En Windows',
  'firstUse.on.macos': 'En macOS',
  'firstUse.on.linux': 'En Linux',
  'firstUse.open.windows':
    'Abra «Terminal», «PowerShell» o «Símbolo del sistema», vaya a la carpeta en la que quiera guardar los datos y pegue:',
  'firstUse.open.posix': 'Abra un terminal, vaya a la carpeta en la que quiera guardar los datos y pegue:',
  'firstUse.node': 'Una sola vez, si no dispone de Node 20.19 o posterior:',
  'firstUse.get': 'Una sola vez, el programa:',
  'firstUse.run': 'La descarga:',
  'firstUse.again': 'Si se interrumpe, vuelva a pegar la última línea: continuará.',
  'firstUse.more': 'Más información sobre Data Mover, con su suma de comprobación',
  'page.copy.text': 'Requiere una cuenta de Mediaflux. Los datos no pasan por su equipo.',
  'page.copy.look': 'Ver el avance de la última copia',
  'page.copy.progress':
    '{done, number} de {all, plural, one {# archivo} many {# de archivos} other {# archivos}} hasta ahora.',
  'page.copy.button': 'Copiar a mi proyecto',
  'page.copy.completed': 'Copiado a un proyecto el {at}.',
  'page.copy.requested': 'Se solicitó una copia el {at}.',
  'page.copy.failed': 'Una copia falló el {at}.',
  'page.done.heading': '¿Ya lo tiene todo?',
  'page.done.text': 'Indíquelo aquí y no se le enviará ningún recordatorio.',
  'page.done.button': 'Tengo lo que necesito',
  'page.done.said': 'Usted indicó el {at} que tiene lo que necesita. No se le enviará ningún recordatorio.',
  'page.done.undo': 'Deshacer: quiero recibir recordatorios',
  'page.done.undoPlain': 'Deshacer',
  'page.optedOut':
    'Los recordatorios sobre estos datos se detuvieron el {at}, con el enlace de un correo. El mismo enlace permite reanudarlos.',
  'page.curl': 'Desde la línea de comandos',
  'copyForm.title': 'Copiar {folder} a su proyecto de Mediaflux',
  'copyForm.intro':
    'Los archivos se copian en el espacio de nombres que usted elija. Si no existe, se crea, siempre que exista el superior. No se sobrescribe nada de lo que ya haya en él.',
  'copyForm.power':
    'Con su inicio de sesión, este servicio crea un token suyo de corta duración, lo usa únicamente para esta copia y lo destruye al terminar. Mientras existe, ese token permite hacer todo lo que usted puede hacer. Su contraseña se usa una sola vez y no se guarda.',
  'copyForm.domain': 'Dominio',
  'copyForm.user': 'Usuario',
  'copyForm.password': 'Contraseña',
  'copyForm.token': 'O bien un token de identidad suyo (para cuentas con un segundo factor)',
  'copyForm.destination':
    'Espacio de nombres de destino, por ejemplo /projects/proj-mine-1128.4.20/from-microscopy; déjelo vacío para elegir después entre sus proyectos',
  'copyForm.submit': 'Continuar',
  'copyForm.problem': 'La copia no se ha iniciado:',
  'copyForm.tokenPower':
    'Su token se usa únicamente para esta copia. Se guarda cifrado hasta que termina la copia y después se olvida; no se destruye.',
  'copyForm.tokenOnly':
    'Esta plataforma no acepta contraseñas para las copias. Cree un token de identidad en Mediaflux e indíquelo aquí.',
  'copyForm.ownToken': 'Token de identidad',
  'copyChoice.title': '¿Adónde se debe copiar {folder}?',
  'copyChoice.projects': 'Proyectos en los que usted puede escribir',
  'copyChoice.none':
    'Mediaflux no muestra ningún proyecto en el que esta cuenta pueda escribir. Escriba la ruta completa de un espacio de nombres.',
  'copyChoice.more': 'Usted ve más proyectos de los que aparecen aquí. Para otro, escriba su ruta.',
  'copyChoice.folder': 'Carpeta dentro del proyecto',
  'copyChoice.destination': 'U otro espacio de nombres, con su ruta completa',
  'copyChoice.until': 'Su inicio de sesión dura un cuarto de hora. Lo que no se use hasta entonces se olvida.',
  'copyStart.title': '¿Iniciar la copia de {folder}?',
  'copyStart.what':
    '{files, plural, one {Se copiará # archivo} many {Se copiarán # de archivos} other {Se copiarán # archivos}} ({size}) en {destination}.',
  'copyStart.isNew': 'Este espacio de nombres se creará.',
  'copyStart.isThere':
    'Este espacio de nombres ya existe. Lo que ya esté y sea igual se omite; lo que sea distinto se indica, y no se sobrescribe nada.',
  'copyStart.submit': 'Iniciar la copia',
  'copyStart.back': 'Elegir otro destino',
  'copyResume.heading': 'Continuar esta copia',
  'copyResume.problem': 'La copia no ha continuado:',
  'copyResume.text':
    'Se detuvo después de {files, number} de {all, plural, one {# archivo} many {# de archivos} other {# archivos}}. Inicie sesión de nuevo y continuará hacia {destination}; lo que ya esté y sea igual se omite.',
  'copyResume.submit': 'Iniciar sesión y continuar',
  'copyResume.elsewhere': 'Copiar a otro destino',
  'copyResume.other': 'Ver su avance',
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
    'Poco antes se abrió desde este navegador el enlace oculto de la página, como hacen los programas que analizan el correo, así que su indicación no se ha tenido en cuenta. Vuelva a darla dentro de una hora.',
  'notAsked.text':
    'Poco antes se abrió desde este navegador el enlace oculto de la página, como hacen los programas que analizan el correo, así que no se ha preguntado a nadie. Si necesita más tiempo, vuelva a solicitarlo dentro de una hora.',
  'page.back': 'Volver a los datos',
  'page.language.keep': 'Quiero recibir los correos en español a partir de ahora',
  'gone.title': 'Este enlace ya no es válido',
  'gone.text': 'Los datos en sí no se borran por ello. Solicite un enlace nuevo a {name}, {email}.',
  'gone.replaced':
    'Se envió por correo un enlace más reciente a estos datos, a la misma dirección que este. Use el del correo más reciente; si no ha llegado, diríjase a {name}, {email}.',
  'gone.ask': 'Si necesita los datos, diríjase a {name}, {email}.',
  'gone.moreTime':
    'También puede solicitarlo aquí: se avisará a quien puede concederlo, y el enlace nuevo llegará por correo a la misma dirección que este.',
  'gone.moreTime.button': 'Solicitar más tiempo',
  'gone.moreTime.asked': 'Se solicitó más tiempo el {at}. Si se concede, llegará un enlace nuevo por correo.',
  'unknown.title': 'Este enlace no se reconoce',
  'unknown.text': '¿Lo copió entero? Los programas de correo a veces cortan los enlaces largos.',
  'trouble.title': 'No ha funcionado',
  'unsubscribe.title': 'Recordatorios sobre {folder}',
  'unsubscribe.titleOfSeveral':
    'Recordatorios sobre {count, plural, one {# carpeta} many {# de carpetas} other {# carpetas}} de datos',
  'unsubscribe.text': 'Recibirá recordatorios sobre estos datos mientras no los haya recogido.',
  'unsubscribe.button': 'No quiero más recordatorios',
  'unsubscribe.said': 'No se le enviarán más recordatorios sobre estos datos.',
  'unsubscribe.undo': 'Deshacer: quiero recibir recordatorios',
} as const;
