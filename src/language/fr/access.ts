// The pages behind a link.

export const access = {
  'page.title': 'Des données pour vous : {folder}',
  'page.files': 'Fichiers',
  'page.moreFiles':
    'et {count, plural, one {# autre} many {# d’autres} other {# autres}} ; le Data Mover et le fichier zip les contiennent tous.',
  'page.direct.button': 'Télécharger le fichier zip',
  'page.direct.started': 'Vous avez lancé un téléchargement direct le {at}.',
  'page.direct.hint':
    'Le fichier zip est aussi volumineux que tous les fichiers réunis. Si le téléchargement s’interrompt, il reprend au début.',
  'page.data-mover.completed': 'Téléchargement terminé avec le Data Mover le {at}.',
  'page.data-mover.started':
    'Un téléchargement a commencé avec le Data Mover le {at} : {done, plural, one {# fichier} many {# de fichiers} other {# fichiers}} sur {all, number}.',
  'page.copy.button': 'Copier dans mon projet',
  'page.copy.completed': 'Copie dans un projet terminée le {at}.',
  'page.copy.requested': 'Une copie a été demandée le {at}.',
  'page.copy.failed': 'Une copie a échoué le {at}.',
  'page.done.heading': 'Avez-vous tout ?',
  'page.done.text': 'Dans ce cas, dites-le-nous : vous ne recevrez plus de rappel.',
  'page.done.button': 'J’ai tout ce qu’il me faut',
  'page.done.said': 'Le {at}, vous avez indiqué avoir tout ce qu’il vous faut. Vous ne recevrez plus de rappel.',
  'page.done.undo': 'Annuler : continuer les rappels',
  'page.curl': 'En ligne de commande :',
  'copyForm.title': 'Copier {folder} dans votre projet Mediaflux',
  'copyForm.intro':
    'Les fichiers sont copiés dans l’espace de noms que vous indiquez. Il est créé si son parent existe. Rien de ce qui s’y trouve n’est écrasé.',
  'copyForm.power':
    'À partir de votre connexion, ce service crée un jeton temporaire à votre nom, ne s’en sert que pour cette copie et le détruit à la fin. Tant qu’il est valable, ce jeton permet tout ce que vous pouvez faire vous-même. Votre mot de passe n’est utilisé qu’une fois et n’est pas conservé.',
  'copyForm.domain': 'Domaine',
  'copyForm.user': 'Identifiant',
  'copyForm.password': 'Mot de passe',
  'copyForm.token': 'Ou l’un de vos jetons d’identité (pour les comptes avec un second facteur)',
  'copyForm.destination': 'Espace de noms de destination, par exemple /projects/proj-mine-1128.4.20/from-microscopy',
  'copyForm.submit': 'Lancer la copie',
  'copyForm.problem': 'La copie n’a pas été lancée :',
  'copyState.title': 'Copie du dossier {folder}',
  'copyState.requested': 'La copie attend son tour.',
  'copyState.copying':
    'Copie en cours : {files, plural, one {# fichier} many {# de fichiers} other {# fichiers}} sur {all, number} pour l’instant.',
  'copyState.completed':
    'Copie terminée et comparée aux originaux : {files, plural, one {# fichier se trouve} many {# de fichiers se trouvent} other {# fichiers se trouvent}} dans {destination}.',
  'copyState.failed': 'La copie n’a pas abouti : {reason}',
  'copyState.refresh': 'Rechargez cette page pour voir où en est la copie.',
  'page.hidden':
    'Ce lien ne s’adresse à personne : il sert à reconnaître les programmes qui ouvrent tous les liens. Merci de ne pas le suivre.',
  'hidden.title': 'Il n’y a rien ici',
  'hidden.text':
    'La page des données contient ce lien caché pour reconnaître les programmes qui ouvrent tous les liens d’un e-mail. Pendant une heure, ce qui est lancé ou indiqué sur la page depuis ce navigateur ne compte pas ; des rappels peuvent donc encore vous parvenir.',
  'notTaken.title': 'Ceci n’a pas été pris en compte',
  'notTaken.text':
    'Le lien caché de la page a été ouvert peu avant depuis ce navigateur, comme le font les analyseurs d’e-mails ; les rappels continuent donc. Si vous avez tout ce qu’il vous faut, veuillez le redire dans une heure.',
  'page.back': 'Retour aux données',
  'page.language.keep': 'M’écrire désormais en français',
  'gone.title': 'Ce lien n’est plus valable',
  'gone.text':
    'Les données elles-mêmes ne sont pas supprimées pour autant. Pour obtenir un nouveau lien, veuillez vous adresser à {name}, {email}.',
  'gone.moreTime':
    'Ou demandez ici plus de temps : les personnes qui peuvent l’accorder en sont averties, et un nouveau lien est alors envoyé par e-mail à l’adresse qui avait reçu celui-ci.',
  'gone.moreTime.button': 'Demander plus de temps',
  'gone.moreTime.asked':
    'Plus de temps a été demandé le {at}. Si la demande est acceptée, un nouveau lien arrivera par e-mail.',
  'unknown.title': 'Ce lien est inconnu',
  'unknown.text': 'L’avez-vous copié en entier ? Les logiciels de messagerie coupent parfois les longs liens.',
  'trouble.title': 'Cela n’a pas fonctionné',
  'unsubscribe.title': 'Rappels au sujet du dossier {folder}',
  'unsubscribe.text': 'Vous recevrez des rappels tant que vous n’aurez pas récupéré ces données.',
  'unsubscribe.button': 'Ne plus recevoir de rappels',
  'unsubscribe.said': 'Vous ne recevrez plus de rappels au sujet de ces données.',
  'unsubscribe.undo': 'Annuler : continuer les rappels',
} as const;
