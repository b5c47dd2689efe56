// The pages behind a link.

export const access = {
  'page.title': 'Des données pour vous : {folder}',
  'page.files': 'Fichiers',
  'page.left': 'il reste {left}',
  'page.ended': 'Les liens ont expiré.',
  'files.title': 'Fichiers du dossier {folder}',
  'files.trail': 'Dossiers parents',
  'files.name': 'Nom',
  'files.count': 'Fichiers',
  'files.more': 'Suite de ce dossier',
  'files.first': 'Début de ce dossier',
  'files.empty': 'Ce dossier est vide.',
  'page.direct.button': 'Télécharger le fichier zip',
  'page.notForWindows':
    'Sous Windows, {count, plural, one {# nom de ces données est inutilisable, trop long pour beaucoup de programmes ou identique à un autre} many {# de noms de ces données sont inutilisables, trop longs pour beaucoup de programmes ou identiques à d’autres} other {# noms de ces données sont inutilisables, trop longs pour beaucoup de programmes ou identiques à d’autres}} : si vous y décompressez le fichier zip, ces fichiers manquent, ou l’un remplace l’autre. Décompressez-le sous Linux, ou utilisez le Data Mover, qui cite ces noms avant de télécharger quoi que ce soit.',
  'page.direct.started': 'Vous avez lancé un téléchargement direct le {at}.',
  'page.direct.hint':
    'Rien à installer. Le fichier zip est aussi volumineux que tous les fichiers réunis. Si le téléchargement s’interrompt, il reprend au début.',
  'page.direct.after':
    'S’il échoue, rechargez cette page et indiquez-le ici : vous continuerez à recevoir des rappels.',
  'page.direct.afterPlain': 'S’il échoue, rechargez cette page et indiquez-le ici.',
  'page.notReceived.button': 'Cela n’a pas fonctionné, continuer les rappels',
  'page.notReceived.plain': 'Cela n’a pas fonctionné',
  'page.notReceived.said': 'Le {at}, vous avez indiqué que cela n’avait pas fonctionné ; les rappels continuent donc.',
  'page.notReceived.saidPlain': 'Le {at}, vous avez indiqué que cela n’avait pas fonctionné.',
  'page.notReceived.undo': 'Annuler : cela a fonctionné',
  'confirm.title': 'Télécharger {size} en un seul fichier zip ?',
  'confirm.text':
    'C’est plus qu’un navigateur ne télécharge facilement : un téléchargement interrompu reprend au début, et rien ne vérifie que le fichier zip est arrivé entier. Le Data Mover reprend là où il s’est arrêté et vérifie chaque fichier.',
  'confirm.button': 'Télécharger quand même le fichier zip',
  'page.data-mover.completed': 'Téléchargement terminé avec le Data Mover le {at}.',
  'page.data-mover.text':
    'Pour des données de toute taille. Il reprend après une interruption et vérifie chaque fichier.',
  'page.data-mover.part':
    'Téléchargé avec le Data Mover, état le {at} : {done, plural, one {# fichier} many {# de fichiers} other {# fichiers}} sur {all, number}.',
  'page.data-mover.failed':
    'Un téléchargement avec le Data Mover s’est interrompu le {at} : {done, plural, one {# fichier} many {# de fichiers} other {# fichiers}} sur {all, number}. La même commande le reprend.',
  'page.data-mover.started':
    'Un téléchargement a commencé avec le Data Mover le {at} : {done, plural, one {# fichier} many {# de fichiers} other {# fichiers}} sur {all, number}.',
  'firstUse.handheld': 'Le Data Mover nécessite un ordinateur : ouvrez-y cette page, ou copiez-y la commande.',
  'firstUse.on.windows': 'Sous Windows',
  'firstUse.on.macos': 'Sous macOS',
  'firstUse.on.linux': 'Sous Linux',
  'firstUse.open.windows':
    'Ouvrez « Terminal », « PowerShell » ou « Invite de commandes », allez dans le dossier où les données doivent se trouver, et collez :',
  'firstUse.open.posix': 'Ouvrez un terminal, allez dans le dossier où les données doivent se trouver, et collez :',
  'firstUse.node': 'Une seule fois, si Node 20.19 ou une version ultérieure n’est pas installé :',
  'firstUse.get': 'Une seule fois, le programme :',
  'firstUse.run': 'Le téléchargement :',
  'firstUse.again': 'S’il s’interrompt, collez à nouveau la dernière ligne : il reprendra.',
  'firstUse.more': 'En savoir plus sur le Data Mover, avec sa somme de contrôle',
  'page.copy.text': 'Si vous avez un compte Mediaflux. Rien ne passe par votre ordinateur.',
  'page.copy.look': 'Où en est la dernière copie',
  'page.copy.progress':
    '{done, plural, one {# fichier} many {# de fichiers} other {# fichiers}} sur {all, number} pour l’instant.',
  'page.copy.button': 'Copier dans mon projet',
  'page.copy.completed': 'Copie dans un projet terminée le {at}.',
  'page.copy.requested': 'Une copie a été demandée le {at}.',
  'page.copy.failed': 'Une copie a échoué le {at}.',
  'page.done.heading': 'Avez-vous tout ?',
  'page.done.text': 'Dans ce cas, dites-le-nous : vous ne recevrez plus de rappel.',
  'page.done.button': 'J’ai tout ce qu’il me faut',
  'page.done.said': 'Le {at}, vous avez indiqué avoir tout ce qu’il vous faut. Vous ne recevrez plus de rappel.',
  'page.done.undo': 'Annuler : continuer les rappels',
  'page.done.undoPlain': 'Annuler',
  'page.optedOut':
    'Les rappels au sujet de ces données ont été arrêtés le {at}, par le lien d’un e-mail. Le même lien permet de les reprendre.',
  'page.curl': 'En ligne de commande :',
  'copyForm.title': 'Copier {folder} dans votre projet Mediaflux',
  'copyForm.intro':
    'Les fichiers sont copiés dans l’espace de noms que vous choisissez. Il est créé si son parent existe. Rien de ce qui s’y trouve n’est écrasé.',
  'copyForm.power':
    'À partir de votre connexion, ce service crée un jeton temporaire à votre nom, ne s’en sert que pour cette copie et le détruit à la fin. Tant qu’il est valable, ce jeton permet tout ce que vous pouvez faire vous-même. Votre mot de passe n’est utilisé qu’une fois et n’est pas conservé.',
  'copyForm.domain': 'Domaine',
  'copyForm.user': 'Identifiant',
  'copyForm.password': 'Mot de passe',
  'copyForm.token': 'Ou l’un de vos jetons d’identité (pour les comptes avec un second facteur)',
  'copyForm.destination':
    'Espace de noms de destination, par exemple /projects/proj-mine-1128.4.20/from-microscopy ; laissez ce champ vide pour choisir ensuite parmi vos projets',
  'copyForm.submit': 'Continuer',
  'copyForm.problem': 'La copie n’a pas été lancée :',
  'copyForm.tokenPower':
    'Votre jeton ne sert qu’à cette copie. Il est conservé chiffré jusqu’à la fin de la copie, puis oublié ; il n’est pas détruit.',
  'copyForm.tokenOnly':
    'Cette plateforme n’accepte pas de mot de passe pour les copies. Créez un jeton d’identité dans Mediaflux et indiquez-le ici.',
  'copyForm.ownToken': 'Jeton d’identité',
  'copyChoice.title': 'Où copier le dossier {folder} ?',
  'copyChoice.projects': 'Projets dans lesquels vous pouvez écrire',
  'copyChoice.none':
    'Mediaflux ne montre aucun projet dans lequel ce compte puisse écrire. Indiquez le chemin complet d’un espace de noms.',
  'copyChoice.more':
    'Vous voyez plus de projets que cette liste n’en contient. Pour un autre projet, indiquez son chemin.',
  'copyChoice.folder': 'Dossier dans le projet',
  'copyChoice.destination': 'Ou un autre espace de noms, par son chemin complet',
  'copyChoice.until': 'Votre connexion dure un quart d’heure. Ce qui n’aura pas servi d’ici là sera oublié.',
  'copyStart.title': 'Lancer la copie du dossier {folder} ?',
  'copyStart.what':
    '{files, plural, one {# fichier sera copié} many {# de fichiers seront copiés} other {# fichiers seront copiés}} vers {destination} ({size}).',
  'copyStart.isNew': 'Cet espace de noms sera créé.',
  'copyStart.isThere':
    'Cet espace de noms existe. Ce qui s’y trouve déjà à l’identique est ignoré ; ce qui diffère est signalé, et rien n’est écrasé.',
  'copyStart.submit': 'Lancer la copie',
  'copyStart.back': 'Choisir une autre destination',
  'copyResume.heading': 'Reprendre cette copie',
  'copyResume.problem': 'La copie n’a pas repris :',
  'copyResume.text':
    'Elle s’est arrêtée après {files, plural, one {# fichier} many {# de fichiers} other {# fichiers}} sur {all, number}. Connectez-vous à nouveau et elle reprendra vers {destination} ; ce qui s’y trouve déjà à l’identique sera ignoré.',
  'copyResume.submit': 'Se connecter et reprendre',
  'copyResume.elsewhere': 'Copier vers une autre destination',
  'copyResume.other': 'Voir où elle en est',
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
    'Le lien caché de la page a été ouvert peu avant depuis ce navigateur, comme le font les analyseurs d’e-mails ; votre indication n’a donc pas été prise en compte. Veuillez la donner de nouveau dans une heure.',
  'notAsked.text':
    'Le lien caché de la page a été ouvert peu avant depuis ce navigateur, comme le font les analyseurs d’e-mails ; personne n’a donc été sollicité. S’il vous faut plus de temps, veuillez le redemander dans une heure.',
  'page.back': 'Retour aux données',
  'page.language.keep': 'M’écrire désormais en français',
  'gone.title': 'Ce lien n’est plus valable',
  'gone.text':
    'Les données elles-mêmes ne sont pas supprimées pour autant. Pour obtenir un nouveau lien, veuillez vous adresser à {name}, {email}.',
  'gone.replaced':
    'Un lien plus récent vers ces données a été envoyé par e-mail à l’adresse qui avait reçu celui-ci. Veuillez utiliser celui de l’e-mail le plus récent ; s’il n’est pas arrivé, adressez-vous à {name}, {email}.',
  'gone.ask': 'Si vous avez besoin des données, veuillez vous adresser à {name}, {email}.',
  'gone.moreTime':
    'Ou demandez ici plus de temps : les personnes qui peuvent l’accorder en sont averties, et un nouveau lien est alors envoyé par e-mail à l’adresse qui avait reçu celui-ci.',
  'gone.moreTime.button': 'Demander plus de temps',
  'gone.moreTime.asked':
    'Plus de temps a été demandé le {at}. Si la demande est acceptée, un nouveau lien arrivera par e-mail.',
  'unknown.title': 'Ce lien est inconnu',
  'unknown.text': 'L’avez-vous copié en entier ? Les logiciels de messagerie coupent parfois les longs liens.',
  'trouble.title': 'Cela n’a pas fonctionné',
  'unsubscribe.title': 'Rappels au sujet du dossier {folder}',
  'unsubscribe.titleOfSeveral':
    'Rappels au sujet de {count, plural, one {# dossier} many {# de dossiers} other {# dossiers}}',
  'unsubscribe.text': 'Vous recevrez des rappels tant que vous n’aurez pas récupéré ces données.',
  'unsubscribe.button': 'Ne plus recevoir de rappels',
  'unsubscribe.said': 'Vous ne recevrez plus de rappels au sujet de ces données.',
  'unsubscribe.undo': 'Annuler : continuer les rappels',
} as const;
