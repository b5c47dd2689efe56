// Mails about deliveries.

export const deliveries = {
  'dispatch.subject': '{platform} : vos données {folder} ({size}), jusqu’au {until}',
  'dispatch.preheader': '{files}, {size}. Les liens sont valables jusqu’au {until}.',
  'mail.greeting': 'Bonjour,',
  'dispatch.intro':
    '{platform} a déposé des données pour vous. Elles sont arrivées au complet : le nombre, la taille et la somme de contrôle de tous les fichiers ont été vérifiés.',
  'data.folder': 'Données',
  'data.size': 'Taille',
  'data.sizeValue': '{size} ({files})',
  'data.sender': 'De la part de',
  'data.senderValue': '{operator}, {platform}',
  'data.keywords': 'Mots-clés',
  'data.note': 'Remarque',
  'data.uploaded': 'Date de dépôt',
  'data.until': 'Disponibles jusqu’au',
  'data.untilValue': '{until} – il reste {left}',
  'methods.heading': 'Comment récupérer les données',
  'methods.page': 'Toutes les possibilités, ainsi que la liste des fichiers, se trouvent sur cette page :',
  'methods.why.direct': 'Pour cette taille, le fichier zip est le plus simple.',
  'methods.why.data-mover':
    'Pour cette taille, nous recommandons le Data Mover : il reprend après une interruption et vérifie chaque fichier.',
  'methods.data-mover.title': 'Avec le Data Mover',
  'methods.data-mover.text':
    'Pour des données de toute taille. Il reprend après une interruption et vérifie chaque fichier. La page indique comment l’obtenir, une seule fois ; ensuite, la commande est :',
  'methods.direct.title': 'En un seul fichier zip',
  'methods.direct.text':
    'Rien à installer. Ouvrez la page et cliquez sur « Télécharger le fichier zip », ou utilisez cette commande (sous Windows, avec curl.exe au lieu de curl) :',
  'methods.copy.title': 'En copie dans votre propre projet Mediaflux',
  'methods.copy.text': 'Si vous avez un compte Mediaflux : ouvrez la page et choisissez « Copier dans mon projet ».',
  'methods.parts': 'Si votre logiciel de messagerie modifie les liens, en voici les éléments :',
  'methods.server': 'Serveur : {server}',
  'methods.token': 'Jeton : {token}',
  'mail.keepSecret': 'Toute personne qui possède le lien peut récupérer les données. Merci de ne pas le transmettre.',
  'mail.contact': 'Des questions ? {name}, {email}',
  'calendar.summary': 'Expiration des liens : {folder}',
  'calendar.description':
    'Les liens vers vos données ({platform}) sont valables jusqu’au {until}. Ils figurent dans l’e-mail auquel cet événement était joint.',
  'uploaded.subject': '{platform} : {folder} est arrivé et a été vérifié',
  'uploaded.intro':
    'Le dépôt est complet : {files}, {size}. Le nombre, les tailles et les sommes de contrôle ont été comparés avec ce que contient Mediaflux.',
  'uploaded.recipients': 'Un e-mail avec des liens est envoyé à :',
  'stalled.subject': '{platform} : le dépôt {folder} a été abandonné',
  'stalled.text':
    'Rien n’est arrivé pour ce dépôt pendant {after} : il a donc été abandonné. Aucun destinataire n’a été averti. Ce qui est arrivé reste dans Mediaflux ; relancez la même commande de dépôt, et le dépôt reprendra là où il s’est arrêté.',
  'stalling.subject': '{platform} : le dépôt {folder} n’avance plus',
  'stalling.text':
    'Rien n’est arrivé pour ce dépôt depuis {since}. L’ordinateur est-il allumé, et le Data Mover y fonctionne-t-il ? Relancez la même commande de dépôt, et le dépôt reprendra là où il s’est arrêté. S’il n’avance pas pendant {limit}, il sera abandonné.',
  'stalling.from': 'Ordinateur',
  'verificationFailing.subject': '{platform} : le dépôt {folder} ne peut pas être vérifié',
  'verificationFailing.text':
    'L’ordinateur a tout envoyé, mais depuis {since} la comparaison des fichiers avec le manifeste n’aboutit pas{failures, plural, =0 {} one { (une tentative a échoué)} many { (# de tentatives ont échoué)} other { (# tentatives ont échoué)}}. De nouvelles tentatives ont lieu automatiquement. Aucun destinataire n’a encore été averti ; les données restent dans Mediaflux.',
  'verificationFailing.trouble': 'Dernière cause',
  'verificationFailing.what':
    'Si la cause n’est pas bientôt corrigée, adressez-vous à l’équipe d’administration : le journal du service contient les détails. Il est aussi possible d’abandonner le dépôt et de le refaire.',
  'changed.subject': '{platform} : le dépôt {folder} a changé depuis sa vérification',
  'changed.text':
    'Ce dépôt était vérifié et complet le {verified}. Le service a regardé de nouveau son dossier dans Mediaflux le {found} : il ne contient plus ce qui a été vérifié. Un fichier encore en route est peut-être arrivé trop tard, ou quelqu’un a modifié le dossier. Aucun destinataire n’a été averti, et les liens restent valables.',
  'changed.namespace': 'Espace de noms dans Mediaflux',
  'changed.then': 'Vérifié',
  'changed.now': 'Présent maintenant',
  'changed.differing':
    '{count, plural, one {# fichier diffère de ce qui a été vérifié :} many {# de fichiers diffèrent de ce qui a été vérifié :} other {# fichiers diffèrent de ce qui a été vérifié :}}',
  'changed.missing': '{path} (manque)',
  'changed.unexpected': '{path} (ne faisait pas partie du dépôt)',
  'changed.content': '{path} (a un autre contenu)',
  'changed.more': '{count, plural, one {et # autre} many {et # d’autres} other {et # autres}}',
  'changed.compare':
    'Veuillez comparer avec les fichiers de l’ordinateur de l’instrument, ou par un téléchargement avec le Data Mover, qui ne garde aucun fichier différent de ce qui a été vérifié et le nomme. Le téléchargement direct et la copie livrent les fichiers tels qu’ils sont maintenant.',
  'changed.what':
    'Décidez ensuite. Si la modification était voulue, il n’y a rien à faire. Sinon, remettez les fichiers vérifiés en place ou déposez de nouveau les données, et demandez à l’équipe d’administration de révoquer les liens et de partager de nouveau les données.',
  'accessed.subject.data-mover': '{platform} : {recipient} a téléchargé {folder}',
  'accessed.subject.direct': '{platform} : {recipient} a lancé le téléchargement direct du dossier {folder}',
  'accessed.subject.copy': '{platform} : {recipient} a copié {folder}',
  'accessed.text.data-mover': '{recipient} a téléchargé les données avec le Data Mover.',
  'accessed.text.direct':
    '{recipient} a lancé un téléchargement direct. Il n’est pas possible de savoir s’il a abouti.',
  'accessed.part.subject': '{platform} : {recipient} a téléchargé une partie du dossier {folder}',
  'accessed.part.text':
    '{recipient} a téléchargé avec le Data Mover {done, plural, one {# fichier} many {# de fichiers} other {# fichiers}} sur {all, number}.',
  'accessed.text.copy': '{recipient} a copié les données dans un projet Mediaflux.',
  'moreTime.subject': '{platform} : {recipient} demande plus de temps pour {folder}',
  'moreTime.text':
    'Les liens envoyés à {recipient} pour ces données ont expiré le {ended}, et de nouveaux liens ont été demandés. L’expiration des liens ne supprime pas les données elles-mêmes.',
  'moreTime.grant':
    'L’équipe d’administration peut accepter ou refuser la demande à l’aide du numéro ci-dessous. Si elle est acceptée, un nouveau lien est envoyé à la même adresse. S’il ne doit pas y en avoir, il n’y a rien à faire.',
  'moreTime.request': 'Demande',
  'notDelivered.subject': '{platform} : e-mail à {recipient} non arrivé',
  'notDelivered.text':
    'L’e-mail avec les liens n’est pas arrivé à {recipient} : le serveur de messagerie de cette adresse est resté injoignable, ou ne l’a pas accepté, si longtemps que l’envoi a été abandonné. L’adresse est peut-être correcte. Veuillez la faire vérifier ; un nouveau lien peut être envoyé à cette adresse ou à une autre : depuis l’instrument jusqu’à un jour après le dépôt, et à tout moment auprès de l’équipe d’administration.',
  'undeliverable.subject': '{platform} : e-mail à {recipient} non distribué',
  'undeliverable.text':
    'Le serveur de messagerie a définitivement refusé l’adresse {recipient} ; les e-mails au sujet de ces données n’y parviennent pas, et aucun rappel n’y est plus envoyé. Veuillez faire corriger l’adresse : c’est possible depuis l’instrument jusqu’à un jour après le dépôt, et à tout moment auprès de l’équipe d’administration.',
} as const;
