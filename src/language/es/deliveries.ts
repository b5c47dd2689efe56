// Mails about deliveries.

export const deliveries = {
  'dispatch.subject': '{platform}: sus datos {folder} ({size}), hasta el {until}',
  'dispatch.preheader': '{files}, {size}. Los enlaces funcionan hasta el {until}.',
  'mail.greeting': 'Buenos días:',
  'dispatch.intro':
    '{platform} ha subido datos para usted. Han llegado completos: se han verificado el número, el tamaño y la suma de comprobación de todos los archivos.',
  'data.folder': 'Datos',
  'data.size': 'Tamaño',
  'data.sizeValue': '{size} en {files}',
  'data.sender': 'Remitente',
  'data.senderValue': '{operator}, {platform}',
  'data.keywords': 'Palabras clave',
  'data.note': 'Nota',
  'data.uploaded': 'Subidos',
  'data.until': 'Disponibles hasta',
  'data.untilValue': '{until}; tiempo restante: {left}',
  'methods.heading': 'Cómo obtenerlos',
  'methods.page': 'En esta página encontrará todas las opciones y la lista de archivos:',
  'methods.why.direct': 'Con este tamaño, lo más sencillo es el zip.',
  'methods.why.data-mover':
    'Con este tamaño recomendamos Data Mover: continúa después de una interrupción y verifica cada archivo.',
  'methods.data-mover.title': 'Con Data Mover',
  'methods.data-mover.text':
    'Para datos de cualquier tamaño. Continúa después de una interrupción y verifica cada archivo. La página explica cómo obtenerlo, una sola vez; después, el comando es:',
  'methods.direct.title': 'En un solo archivo zip',
  'methods.direct.text':
    'No hay que instalar nada. Abra la página y pulse «Descargar zip», o use este comando (en Windows, con curl.exe en lugar de curl):',
  'methods.copy.title': 'Como copia en su propio proyecto de Mediaflux',
  'methods.copy.text': 'Si tiene una cuenta de Mediaflux, abra la página y elija «Copiar a mi proyecto».',
  'methods.parts': 'Si su programa de correo modifica los enlaces, estas son sus partes:',
  'methods.server': 'Servidor: {server}',
  'methods.token': 'Token: {token}',
  'mail.keepSecret': 'Quien tenga el enlace puede obtener los datos. Por favor, no lo comparta.',
  'mail.contact': '¿Tiene preguntas? {name}, {email}',
  'calendar.summary': 'Caducan los enlaces: {folder}',
  'calendar.description':
    'Los enlaces a sus datos de {platform} funcionan hasta el {until}. Están en el correo que traía esta cita.',
  'uploaded.subject': '{platform}: {folder} ha llegado y está verificado',
  'uploaded.intro':
    'La subida está completa: {files}, {size}. El número, los tamaños y las sumas de comprobación se han comparado con lo que hay en Mediaflux.',
  'uploaded.recipients': 'Se envía un correo con enlaces a:',
  'stalled.subject': '{platform}: la subida {folder} se ha dado por abandonada',
  'stalled.text':
    'No ha llegado nada de esta subida durante {after}, por lo que se ha dado por abandonada. No se ha avisado a nadie. Lo que ha llegado permanece en Mediaflux; si vuelve a ejecutar el mismo comando de subida, continuará donde se detuvo.',
  'stalling.subject': '{platform}: la subida {folder} no avanza',
  'stalling.text':
    'Desde hace {since} no llega nada de esta subida. ¿Está encendido el equipo y se está ejecutando Data Mover en él? Si vuelve a ejecutar el mismo comando de subida, continuará donde se detuvo. Sin avances, se dará por abandonada al cabo de {limit}.',
  'stalling.from': 'Equipo',
  'verificationFailing.subject': '{platform}: la subida {folder} no se puede verificar',
  'verificationFailing.text':
    'El equipo lo ha enviado todo, pero desde hace {since} no concluye la comparación de los archivos con el manifiesto{failures, plural, =0 {} one {, tras un intento fallido} many {, tras # de intentos fallidos} other {, tras # intentos fallidos}}. Se seguirá intentando automáticamente; no se ha avisado a nadie de los datos, que permanecen en Mediaflux.',
  'verificationFailing.trouble': 'El último motivo',
  'verificationFailing.what':
    'Si el motivo no se resuelve pronto, consulte a un administrador: el registro del servicio contiene los detalles. También es posible abandonar la subida y hacerla de nuevo.',
  'changed.subject': '{platform}: la subida {folder} ha cambiado desde que se verificó',
  'changed.text':
    'Esta subida quedó verificada y completa el {verified}. El {found} el servicio volvió a mirar su carpeta en Mediaflux y ya no contiene lo que se verificó: es posible que un archivo que aún estaba en camino haya llegado tarde o que alguien haya modificado la carpeta. No se ha avisado a los destinatarios y los enlaces siguen siendo válidos.',
  'changed.namespace': 'Espacio de nombres en Mediaflux',
  'changed.then': 'Verificado',
  'changed.now': 'Ahora',
  'changed.differing':
    '{count, plural, one {# archivo difiere de lo que se verificó:} many {# de archivos difieren de lo que se verificó:} other {# archivos difieren de lo que se verificó:}}',
  'changed.missing': '{path} (falta)',
  'changed.unexpected': '{path} (no formaba parte de la subida)',
  'changed.content': '{path} (tiene otro contenido)',
  'changed.more': '{count, plural, one {y # más} many {y # más} other {y # más}}',
  'changed.compare':
    'Compare los archivos: con los del equipo del instrumento o mediante una descarga con Data Mover, que no conserva ningún archivo distinto de lo verificado y lo nombra. La descarga directa y la copia entregan los archivos tal como están ahora.',
  'changed.what':
    'Después, decida. Si el cambio era intencionado, no hay que hacer nada. Si no lo era, restablezca los archivos verificados o vuelva a subir los datos, y pida a un administrador que revoque los enlaces y comparta los datos de nuevo.',
  'accessed.subject.data-mover': '{platform}: {recipient} ha descargado {folder}',
  'accessed.subject.direct': '{platform}: {recipient} ha iniciado una descarga directa de {folder}',
  'accessed.subject.copy': '{platform}: {recipient} ha copiado {folder}',
  'accessed.text.data-mover': '{recipient} ha descargado los datos con Data Mover.',
  'accessed.text.direct': '{recipient} ha iniciado una descarga directa. No es posible saber si ha terminado.',
  'accessed.part.subject': '{platform}: {recipient} ha descargado parte de {folder}',
  'accessed.part.text':
    '{recipient} ha descargado con Data Mover {done, number} de {all, plural, one {# archivo} many {# de archivos} other {# archivos}}.',
  'accessed.text.copy': '{recipient} ha copiado los datos a un proyecto de Mediaflux.',
  'moreTime.subject': '{platform}: {recipient} solicita más tiempo para {folder}',
  'moreTime.text':
    'Los enlaces de {recipient} a estos datos caducaron el {ended}, y se han solicitado otros nuevos. Los datos en sí no se borran cuando caducan los enlaces.',
  'moreTime.grant':
    'Un administrador puede conceder o denegar la solicitud, mediante el número que figura abajo. Si se concede, se envía un enlace nuevo a la misma dirección. Si no procede, no hay que hacer nada.',
  'moreTime.request': 'Solicitud',
  'notDelivered.subject': '{platform}: el correo a {recipient} no ha llegado',
  'notDelivered.text':
    'El correo con los enlaces no ha llegado a {recipient}: el servidor de correo de esa dirección no estuvo disponible, o no lo aceptó, durante tanto tiempo que se desistió del envío. Aun así, la dirección puede ser correcta. Compruébela; se puede enviar un enlace nuevo a esa dirección o a otra: un administrador, en cualquier momento; el operador, hasta un día después de la subida.',
  'undeliverable.subject': '{platform}: no se ha podido entregar el correo a {recipient}',
  'undeliverable.text':
    'El servidor de correo ha rechazado definitivamente la dirección {recipient}: los correos sobre estos datos no llegan a ella, y no se le envían más recordatorios. Corrija la dirección: un administrador puede hacerlo en cualquier momento; el operador, hasta un día después de la subida.',
} as const;
