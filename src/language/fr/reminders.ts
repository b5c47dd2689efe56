// Reminders and what operators are told of them.

export const reminders = {
  'reminder.subject': 'Rappel : {folder} ({platform}), jusqu’au {until}',
  'reminder.lastSubject': 'Dernier rappel : {folder} ({platform}), jusqu’au {until}',
  'reminder.preheader': 'Données pas encore récupérées. Il reste {left}.',
  'reminder.preheaderPart': 'Données pas encore toutes récupérées. Il reste {left}.',
  'reminder.preheaderAgain': 'Il reste {left}.',
  'reminder.intro': 'Des données déposées par {platform} vous attendent et n’ont pas encore été récupérées.',
  'reminder.introPart': 'Une partie de vos données déposées par {platform} vous attend encore.',
  'reminder.introAgain': 'Vos données déposées par {platform} peuvent encore être récupérées.',
  'reminder.part':
    'Jusqu’ici, vous avez récupéré {done, plural, one {# fichier} many {# de fichiers} other {# fichiers}} sur {all, number}.',
  'reminder.last': 'Ceci est le dernier rappel : les liens expireront avant que le suivant ne soit envoyé.',
  'reminder.have':
    'Avez-vous déjà tout ce qu’il vous faut ? Indiquez-le sur la page, et vous ne recevrez plus de rappel :',
  'reminder.stop': 'Ne plus recevoir de rappels au sujet de ces données :',
  'digest.subject':
    'Rappel : données déposées par {platform} dans {count, plural, one {# dossier} many {# de dossiers} other {# dossiers}}, les premières jusqu’au {until}',
  'digest.preheader': 'Données pas encore toutes récupérées. Il reste {left} pour les premières.',
  'digest.intro':
    'Des données déposées par {platform} vous attendent : {count, plural, one {# dossier} many {# de dossiers} other {# dossiers}}, chacun avec son propre lien. Celui qui expire en premier figure en tête.',
  'digest.page':
    'Toutes les possibilités, la liste des fichiers, et où indiquer que vous avez tout ce qu’il vous faut :',
  'digest.others': 'Les autres expirent plus tard. Toutes les possibilités figurent sur leurs pages :',
  'digest.last':
    'Ceci est le dernier rappel au sujet de ces données : leurs liens expireront avant que le suivant ne soit envoyé.',
  'digest.stopAll': 'Ne plus recevoir de rappels au sujet d’aucune des données de cet e-mail :',
  'digest.keepSecret':
    'Toute personne qui possède l’un des liens peut récupérer les données correspondantes. Merci de ne pas transmettre ces liens.',
  'notice.subject':
    '{platform} : {sent, plural, =0 {aucun rappel envoyé} one {# rappel envoyé} many {# de rappels envoyés} other {# rappels envoyés}}{failed, plural, =0 {} one {, # non envoyé} many {, # non envoyés} other {, # non envoyés}}{unknown, plural, =0 {} one {, # non confirmé} many {, # non confirmés} other {, # non confirmés}}',
  'notice.run':
    'Rappels du {slot} : envoyés : {sent, number}, non envoyés : {failed, number}, non confirmés : {unknown, number}.',
  'notice.intro': 'Un rappel a été envoyé à ces personnes au sujet de leurs données :',
  'notice.sent': '{recipient} : {folder}, jusqu’au {until}',
  'notice.sentWithoutEnd': '{recipient} : {folder}',
  'notice.notSent': 'Ces rappels n’ont pas été envoyés :',
  'notice.failed': '{what} : {reason}',
  'notice.unknown':
    'Le serveur de messagerie n’a pas confirmé ces rappels. Ils sont peut-être arrivés et ne seront pas renvoyés :',
  'notice.more': 'et {count, number} de plus',
  'notice.whole':
    'Les listes ci-dessus sont abrégées. L’équipe d’administration peut consulter toute l’exécution {run}.',
  'notice.leftOut': 'Rappels prévus, mais devenus sans objet au moment de l’envoi :',
  'notice.leftOutLine': '{why} : {count, number}',
  'notice.reason.expired': 'le serveur de messagerie ne l’a pas accepté avant l’expiration des liens',
  'notice.reason.refused': 'le serveur de messagerie a refusé l’adresse ({code})',
  'notice.reason.unwritten':
    'l’e-mail n’a pas pu être rédigé ; l’équipe d’administration en trouvera la raison dans le journal',
  'notice.ending.accessed': 'les données ont été récupérées',
  'notice.ending.done': 'le destinataire a tout ce qu’il lui faut',
  'notice.ending.opted-out': 'le destinataire ne veut plus de rappels',
  'notice.ending.revoked': 'le lien a été révoqué',
  'notice.ending.gone': 'les données ne sont plus dans Mediaflux',
  'notice.ending.undeliverable': 'l’adresse ne fonctionne pas',
  'notice.ending.superseded': 'un lien plus récent vers les mêmes données le remplace',
  'notice.ending.in-progress': 'un transfert est en cours',
  'notice.ending.too-soon': 'rappel envoyé il y a peu',
  'notice.ending.enough': 'nombre maximal de rappels atteint',
  'notice.ending.newer-run': 'une exécution plus récente l’a remplacé',
  'notice.ending.reminders-off': 'les rappels ont été désactivés',
  'notice.ending.other': 'autre raison',
  'notice.single.subject.sent': '{platform} : rappel envoyé à {recipient} au sujet du dossier {folder}',
  'notice.single.subject.failed': '{platform} : rappel non envoyé à {recipient} au sujet du dossier {folder}',
  'notice.single.subject.unknown': '{platform} : rappel non confirmé à {recipient} au sujet du dossier {folder}',
  'notice.single.text.sent': 'Un rappel a été envoyé à {recipient} au sujet de ces données.',
  'notice.single.text.failed': 'Un rappel à {recipient} n’a pas été envoyé.',
  'notice.single.text.unknown':
    'Le serveur de messagerie n’a pas confirmé un rappel à {recipient}. Il est peut-être arrivé et ne sera pas renvoyé.',
  'notice.single.reason': 'Raison',
  'notice.fallback':
    'Les métadonnées du projet Mediaflux n’indiquent aucune adresse valable ; cet e-mail est donc envoyé à l’adresse du partage de dépôt.',
  'vanished.subject': '{platform} : {folder} n’est plus dans Mediaflux',
  'vanished.intro':
    'Les données mises à disposition ne sont plus là où elles étaient. Leurs liens ne sont plus valables et aucun rappel n’est envoyé. Destinataires : {recipients}.',
} as const;
