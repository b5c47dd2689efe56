// What people are told when something did not work. Programs are told the same in English.

export const troubles = {
  'trouble.methodNotOffered':
    'La plataforma no ofrece esta forma de obtener los datos. Use otra o consulte a {contact}.',
  'trouble.tooManyLogons':
    'Se han rechazado demasiados inicios de sesión de esta cuenta; para que no se bloquee, espere {minutes, plural, one {# minuto} many {# de minutos} other {# minutos}}.',
  'trouble.tooManyGuesses':
    'Desde esta red han llegado demasiados enlaces desconocidos; espere {seconds, plural, one {# segundo} many {# de segundos} other {# segundos}}.',
  'trouble.tooOften':
    'Este enlace ha caducado y se ha consultado con demasiada frecuencia; espere {seconds, plural, one {# segundo} many {# de segundos} other {# segundos}}.',
  'trouble.askedTooSoon':
    'Hace menos de un día se denegó una solicitud de más tiempo. Consulte a {contact} o vuelva a solicitarlo aquí mañana.',
  'trouble.onlyByButton':
    'A esta dirección se llega con un botón. Abra el enlace del correo y use el botón que hay allí.',
  'trouble.nothingHere': 'No hay nada en esta dirección.',
  'trouble.unavailable':
    'En este momento no se puede acceder a los datos. Vuelva a intentarlo dentro de un momento; no se ha perdido nada.',
  'trouble.request': 'Lo que ha enviado su navegador no se puede usar aquí. Vuelva atrás e inténtelo de nuevo.',
  'trouble.internal':
    'Aquí ha fallado algo que no debería fallar. Vuelva a intentarlo y, si falla otra vez, comunique este número a los responsables del servicio: {requestId}.',
  'copyTrouble.fields': 'Rellene el dominio, el usuario y la contraseña, o un token.',
  'copyTrouble.logon':
    'Mediaflux ha rechazado el inicio de sesión: el dominio, el usuario o la contraseña no son correctos; una cuenta con un segundo factor necesita un token de identidad en su lugar.',
  'copyTrouble.token': 'Mediaflux ha rechazado el token: no es correcto o ha caducado.',
  'copyTrouble.readOnly': 'Esta cuenta no puede escribir en {namespace}.',
  'copyTrouble.ownData': '{namespace} forma parte de estos mismos datos. Elija otro destino.',
  'copyTrouble.parentMissing': 'No se puede crear {namespace}: esta cuenta no ve ningún espacio de nombres {parent}.',
  'copyTrouble.parentReadOnly': 'No se puede crear {namespace}: esta cuenta no puede escribir en {parent}.',
  'copyTrouble.changed':
    'En Mediaflux hay {files, plural, one {# archivo} many {# de archivos} other {# archivos}} con {bytes, plural, one {# byte} many {# de bytes} other {# bytes}}, pero se subieron {ofFiles, plural, one {# archivo} many {# de archivos} other {# archivos}} con {ofBytes, plural, one {# byte} many {# de bytes} other {# bytes}}; comuníquelo a la plataforma.',
  'copyTrouble.differs': '{path} ya existe y es distinto; no se sobrescribe nada. Muévalo o elija otro destino.',
  'copyTrouble.notWhole':
    '{path} no llegó completo: su tamaño o su suma de comprobación no coinciden. Elimínelo allí e inicie sesión de nuevo: la copia continuará.',
  'copyTrouble.ended': 'La plataforma anuló el enlace durante la copia.',
  'copyTrouble.expired': 'El enlace caducó hace más de una semana; solicite uno nuevo a la plataforma.',
  'copyTrouble.loggedOff':
    'La sesión terminó antes que la copia. Inicie sesión de nuevo y la copia continuará donde se detuvo.',
  'copyTrouble.notPermitted':
    'Esta cuenta no puede escribir allí, o ya no puede. Recupere ese permiso e inicie sesión de nuevo, o elija otro destino.',
  'copyTrouble.quota':
    'La cuota del destino está agotada. Libere espacio e inicie sesión de nuevo: la copia continuará.',
  'copyTrouble.name': 'Mediaflux ha rechazado el nombre del destino. Elija otro.',
  'copyTrouble.path':
    'Elija un proyecto o escriba la ruta completa de un espacio de nombres, por ejemplo /projects/proj-mine-1128.4.20/data.',
  'copyTrouble.secondFactor':
    'Mediaflux exige para esta cuenta un segundo factor, que aquí no se puede indicar. Cree un token de identidad en Mediaflux y úselo en lugar de la contraseña.',
  'copyTrouble.noPasswords':
    'Esta plataforma no acepta contraseñas para las copias. Use en su lugar un token de identidad suyo.',
  'copyTrouble.logonOver': 'Su sesión ya no está iniciada. Inicie sesión de nuevo.',
  'copyTrouble.unexplained': 'Mediaflux lo ha rechazado repetidamente e indica: {detail}',
  'copyTrouble.notResumable':
    'Esta copia está en curso, ha terminado o ha finalizado con su enlace. No admite un nuevo inicio de sesión.',
  'copyTrouble.placeTaken':
    'Hay otra copia de estos datos en curso hacia {destination}, que lleva los mismos archivos. Espere a que termine; si también falla, podrá continuar cualquiera de las dos.',
  'copyTrouble.tooLate':
    'El enlace ha caducado y ya ha pasado el plazo en el que esta copia podía continuar. Solicite un enlace nuevo a la plataforma.',
} as const;
