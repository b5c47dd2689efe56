// What people are told when something did not work. Programs are told the same in English.

export const troubles = {
  'trouble.methodNotOffered':
    'La plateforme ne propose pas ce moyen de récupérer les données. Veuillez en choisir un autre, ou vous adresser à {contact}.',
  'trouble.tooManyLogons':
    'Trop de connexions à ce compte ont été refusées. Pour éviter qu’il ne soit bloqué, attendez {minutes, plural, one {# minute} many {# de minutes} other {# minutes}}.',
  'trouble.tooManyGuesses':
    'Trop de liens inconnus ici sont venus de ce réseau. Attendez {seconds, plural, one {# seconde} many {# de secondes} other {# secondes}}.',
  'trouble.tooOften':
    'Ce lien a expiré et a été demandé trop souvent. Attendez {seconds, plural, one {# seconde} many {# de secondes} other {# secondes}}.',
  'trouble.askedTooSoon':
    'Une demande de temps supplémentaire a été refusée au cours des dernières 24 heures. Veuillez vous adresser à {contact}, ou refaire une demande ici demain.',
  'trouble.onlyByButton':
    'Cette adresse correspond à un bouton. Veuillez ouvrir le lien reçu par e-mail et utiliser le bouton qui s’y trouve.',
  'trouble.unavailable':
    'Les données sont inaccessibles pour le moment. Veuillez réessayer dans un instant ; rien n’est perdu.',
  'trouble.nothingHere': 'Il n’y a rien à cette adresse.',
  'trouble.request':
    'Ce que votre navigateur a envoyé n’est pas utilisable ici. Veuillez revenir en arrière et réessayer.',
  'trouble.internal':
    'Une erreur inattendue s’est produite. Veuillez réessayer et, si elle se répète, communiquez ce numéro à l’équipe d’administration de ce service : {requestId}.',
  'copyTrouble.fields': 'Indiquez le domaine, l’identifiant et le mot de passe, ou un jeton.',
  'copyTrouble.logon':
    'Mediaflux a refusé la connexion : le domaine, l’identifiant ou le mot de passe est incorrect ; pour un compte avec un second facteur, il faut un jeton d’identité à la place.',
  'copyTrouble.token': 'Mediaflux a refusé le jeton : il est incorrect ou a expiré.',
  'copyTrouble.readOnly': 'Ce compte n’a pas le droit d’écrire dans {namespace}.',
  'copyTrouble.ownData': '{namespace} fait partie de ces données elles-mêmes. Choisissez une autre destination.',
  'copyTrouble.parentMissing':
    'Impossible de créer {namespace} : aucun espace de noms {parent} n’est visible pour ce compte.',
  'copyTrouble.parentReadOnly': 'Impossible de créer {namespace} : ce compte n’a pas le droit d’écrire dans {parent}.',
  'copyTrouble.changed':
    'Mediaflux contient {files, plural, one {# fichier} many {# de fichiers} other {# fichiers}} ({bytes, number} octets), au lieu de {ofFiles, number} ({ofBytes, number} octets) lors du dépôt ; veuillez en informer la plateforme.',
  'copyTrouble.differs':
    '{path} existe déjà et diffère ; rien n’est écrasé. Déplacez-le, ou choisissez une autre destination.',
  'copyTrouble.notWhole':
    '{path} n’est pas arrivé entier : sa taille ou sa somme de contrôle diffère. Supprimez-le à cet endroit, puis connectez-vous à nouveau : la copie reprendra.',
  'copyTrouble.ended': 'La plateforme a retiré le lien pendant la copie.',
  'copyTrouble.expired': 'Le lien a expiré il y a plus d’une semaine ; demandez-en un nouveau à la plateforme.',
  'copyTrouble.loggedOff':
    'La connexion a expiré avant la fin de la copie. Connectez-vous à nouveau, et la copie reprendra là où elle en était.',
  'copyTrouble.notPermitted':
    'Ce compte n’a pas (ou plus) le droit d’y écrire. Faites rétablir ce droit et connectez-vous à nouveau, ou choisissez une autre destination.',
  'copyTrouble.quota':
    'Le quota de la destination est épuisé. Libérez de la place, puis connectez-vous à nouveau : la copie reprendra.',
  'copyTrouble.name': 'Mediaflux a refusé le nom de la destination. Choisissez-en un autre.',
  'copyTrouble.path':
    'Choisissez un projet, ou indiquez le chemin complet d’un espace de noms, par exemple /projects/proj-mine-1128.4.20/data.',
  'copyTrouble.secondFactor':
    'Mediaflux demande pour ce compte un second facteur, qui ne peut pas être donné ici. Créez un jeton d’identité dans Mediaflux et utilisez-le à la place du mot de passe.',
  'copyTrouble.noPasswords':
    'Cette plateforme n’accepte pas de mot de passe pour les copies. Utilisez à la place l’un de vos jetons d’identité.',
  'copyTrouble.logonOver': 'Vous n’êtes plus connecté. Veuillez vous connecter à nouveau.',
  'copyTrouble.unexplained': 'Mediaflux a refusé à plusieurs reprises et indique : {detail}',
  'copyTrouble.notResumable':
    'Cette copie est en cours, terminée, ou a pris fin avec son lien. Elle n’accepte pas de nouvelle connexion.',
  'copyTrouble.placeTaken':
    'Une autre copie de ces données vers {destination} est en cours et apporte les mêmes fichiers. Attendez qu’elle se termine ; si elle échoue aussi, l’une ou l’autre pourra reprendre.',
  'copyTrouble.tooLate':
    'Le lien a expiré et le délai pendant lequel cette copie pouvait reprendre est passé ; demandez un nouveau lien à la plateforme.',
} as const;
