// Reminders and what operators are told of them.

export const reminders = {
  'reminder.subject': 'Recordatorio: {folder} de {platform}, hasta el {until}',
  'reminder.lastSubject': 'Último recordatorio: {folder} de {platform}, hasta el {until}',
  'reminder.preheader': 'Aún no los ha recogido. Tiempo restante: {left}.',
  'reminder.intro': 'Hay datos de {platform} a su disposición que aún no ha recogido.',
  'reminder.part':
    'Hasta ahora ha descargado {done, number} de {all, plural, one {# archivo} many {# de archivos} other {# archivos}}.',
  'reminder.last': 'Este es el último recordatorio: los enlaces caducan antes de que se envíe otro.',
  'reminder.have': '¿Ya tiene lo que necesita? Indíquelo en la página y no recibirá más recordatorios.',
  'reminder.stop': 'No recibir más recordatorios sobre estos datos:',
  'notice.subject':
    '{platform}: {count, plural, one {se ha enviado # recordatorio} many {se han enviado # de recordatorios} other {se han enviado # recordatorios}}',
  'notice.intro': 'Se ha recordado a estas personas que hay datos que aún no han recogido:',
  'notice.sent': '{recipient}: {folder}, hasta el {until}',
  'notice.notSent': 'Estos recordatorios no se han enviado:',
  'notice.failed': '{recipient}: {folder}: {reason}',
  'notice.unknown': 'el servidor de correo no lo confirmó; puede que haya llegado',
  'notice.fallback':
    'Los metadatos del proyecto de Mediaflux no indican ninguna dirección válida, por lo que este correo va a la dirección del permiso de subida («upload shareable»).',
  'vanished.subject': '{platform}: {folder} ya no está en Mediaflux',
  'vanished.intro':
    'Los datos que se pusieron a disposición ya no están donde estaban. Sus enlaces han dejado de ser válidos y no se envían recordatorios. Destinatarios: {recipients}.',
} as const;
