// Reminders and what operators are told of them.

export const reminders = {
  'reminder.subject': 'Rappel : {folder} ({platform}), jusqu’au {until}',
  'reminder.lastSubject': 'Dernier rappel : {folder} ({platform}), jusqu’au {until}',
  'reminder.preheader': 'Données pas encore récupérées. Il reste {left}.',
  'reminder.intro': 'Des données déposées par {platform} vous attendent et n’ont pas encore été récupérées.',
  'reminder.part':
    'Jusqu’ici, vous avez récupéré {done, plural, one {# fichier} many {# de fichiers} other {# fichiers}} sur {all, number}.',
  'reminder.last': 'Ceci est le dernier rappel : les liens expireront avant que le suivant ne soit envoyé.',
  'reminder.have':
    'Avez-vous déjà tout ce qu’il vous faut ? Indiquez-le sur la page, et vous ne recevrez plus de rappel.',
  'reminder.stop': 'Ne plus recevoir de rappels au sujet de ces données :',
  'notice.subject':
    '{platform} : {count, plural, one {# rappel envoyé} many {# de rappels envoyés} other {# rappels envoyés}}',
  'notice.intro': 'Un rappel a été envoyé à ces personnes pour des données qu’elles n’ont pas encore récupérées :',
  'notice.sent': '{recipient} : {folder}, jusqu’au {until}',
  'notice.notSent': 'Ces rappels n’ont pas été envoyés :',
  'notice.failed': '{recipient} : {folder} : {reason}',
  'notice.unknown': 'le serveur de messagerie ne l’a pas confirmé ; il est peut-être arrivé',
  'notice.fallback':
    'Les métadonnées du projet Mediaflux n’indiquent aucune adresse valable ; cet e-mail est donc envoyé à l’adresse du partage de dépôt.',
  'vanished.subject': '{platform} : {folder} n’est plus dans Mediaflux',
  'vanished.intro':
    'Les données mises à disposition ne sont plus là où elles étaient. Leurs liens ne sont plus valables et aucun rappel n’est envoyé. Destinataires : {recipients}.',
} as const;
