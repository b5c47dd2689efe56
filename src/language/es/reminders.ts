// Reminders and what operators are told of them.

export const reminders = {
  'reminder.subject': 'Recordatorio: {folder} de {platform}, hasta el {until}',
  'reminder.lastSubject': 'Último recordatorio: {folder} de {platform}, hasta el {until}',
  'reminder.preheader': 'Aún no los ha recogido. Tiempo restante: {left}.',
  'reminder.preheaderPart': 'Aún no los ha recogido todos. Tiempo restante: {left}.',
  'reminder.preheaderAgain': 'Tiempo restante: {left}.',
  'reminder.intro': 'Hay datos de {platform} a su disposición que aún no ha recogido.',
  'reminder.introPart': 'Una parte de sus datos de {platform} sigue a su disposición.',
  'reminder.introAgain': 'Aún puede recoger sus datos de {platform}.',
  'reminder.part':
    'Hasta ahora ha descargado {done, number} de {all, plural, one {# archivo} many {# de archivos} other {# archivos}}.',
  'reminder.last': 'Este es el último recordatorio: los enlaces caducan antes de que se envíe otro.',
  'reminder.have': '¿Ya tiene lo que necesita? Indíquelo en la página y no recibirá más recordatorios:',
  'reminder.stop': 'No recibir más recordatorios sobre estos datos:',
  'digest.subject':
    'Recordatorio: datos de {platform} en {count, plural, one {# carpeta} many {# de carpetas} other {# carpetas}}, los primeros hasta el {until}',
  'digest.preheader': 'Aún no los ha recogido todos. Tiempo restante de los primeros: {left}.',
  'digest.intro':
    'Hay datos de {platform} a su disposición: {count, plural, one {# carpeta} many {# de carpetas} other {# carpetas}}, cada una con su propio enlace. La que caduca antes figura primero.',
  'digest.page': 'Todas las opciones, la lista de archivos y dónde indicar que ya tiene lo que necesita:',
  'digest.others': 'Las demás caducan más tarde. Todas las opciones están en sus páginas:',
  'digest.last': 'Este es el último recordatorio sobre estos datos: sus enlaces caducan antes de que se envíe otro.',
  'digest.stopAll': 'No recibir más recordatorios sobre ninguno de los datos de este correo:',
  'digest.keepSecret':
    'Quien tenga uno de los enlaces puede obtener los datos correspondientes. Por favor, no comparta los enlaces.',
  'notice.subject':
    '{platform}: {sent, plural, =0 {no se ha enviado ningún recordatorio} one {se ha enviado # recordatorio} many {se han enviado # de recordatorios} other {se han enviado # recordatorios}}{failed, plural, =0 {} one {, # sin enviar} many {, # sin enviar} other {, # sin enviar}}{unknown, plural, =0 {} one {, # sin confirmar} many {, # sin confirmar} other {, # sin confirmar}}',
  'notice.run':
    'Recordatorios del {slot}: enviados: {sent, number}; sin enviar: {failed, number}; sin confirmar: {unknown, number}.',
  'notice.intro': 'Se ha recordado a estas personas que tienen datos a su disposición:',
  'notice.sent': '{recipient}: {folder}, hasta el {until}',
  'notice.sentWithoutEnd': '{recipient}: {folder}',
  'notice.notSent': 'Estos recordatorios no se han enviado:',
  'notice.failed': '{what}: {reason}',
  'notice.unknown':
    'El servidor de correo no confirmó estos recordatorios. Puede que hayan llegado y no se envían de nuevo:',
  'notice.more': 'y {count, number} más',
  'notice.whole': 'Las listas anteriores están abreviadas. Un administrador puede ver toda la ejecución {run}.',
  'notice.leftOut': 'Seleccionados, pero ya innecesarios en el momento del envío:',
  'notice.leftOutLine': '{why}: {count, number}',
  'notice.reason.expired': 'el servidor de correo no lo aceptó antes de que caducaran los enlaces',
  'notice.reason.refused': 'el servidor de correo rechazó la dirección ({code})',
  'notice.reason.unwritten': 'no se pudo redactar el correo; un administrador encontrará el motivo en el registro',
  'notice.ending.accessed': 'los datos se han recogido',
  'notice.ending.done': 'el destinatario tiene lo que necesita',
  'notice.ending.opted-out': 'el destinatario no quiere más recordatorios',
  'notice.ending.revoked': 'el enlace se ha revocado',
  'notice.ending.gone': 'los datos ya no están en Mediaflux',
  'notice.ending.undeliverable': 'la dirección no funciona',
  'notice.ending.superseded': 'lo sustituye un enlace posterior a los mismos datos',
  'notice.ending.in-progress': 'hay una transferencia en curso',
  'notice.ending.too-soon': 'se le ha recordado hace poco',
  'notice.ending.enough': 'se ha alcanzado el número máximo de recordatorios',
  'notice.ending.newer-run': 'lo sustituyó una ejecución más reciente',
  'notice.ending.reminders-off': 'se han desactivado los recordatorios',
  'notice.ending.other': 'otro motivo',
  'notice.single.subject.sent': '{platform}: recordatorio enviado a {recipient} sobre {folder}',
  'notice.single.subject.failed': '{platform}: recordatorio no enviado a {recipient} sobre {folder}',
  'notice.single.subject.unknown': '{platform}: recordatorio sin confirmar a {recipient} sobre {folder}',
  'notice.single.text.sent': 'Se ha recordado a {recipient} que tiene estos datos a su disposición.',
  'notice.single.text.failed': 'No se ha enviado un recordatorio a {recipient}.',
  'notice.single.text.unknown':
    'El servidor de correo no confirmó un recordatorio a {recipient}. Puede que haya llegado y no se envía de nuevo.',
  'notice.single.reason': 'Motivo',
  'notice.fallback':
    'Los metadatos del proyecto de Mediaflux no indican ninguna dirección válida, por lo que este correo va a la dirección del permiso de subida («upload shareable»).',
  'vanished.subject': '{platform}: {folder} ya no está en Mediaflux',
  'vanished.intro':
    'Los datos que se pusieron a disposición ya no están donde estaban. Sus enlaces han dejado de ser válidos y no se envían recordatorios. Destinatarios: {recipients}.',
} as const;
