// How to get the Data Mover and use it. Commands and names of programs stand outside, or stay as they are.

export const program = {
  'program.intro':
    'Il envoie ce qu’un instrument a acquis et récupère ce que propose un lien reçu par e-mail. Chaque fichier est vérifié et, après une interruption, la même commande reprend là où elle s’est arrêtée.',
  'program.absent':
    'Le programme ne se trouve pas sur ce serveur ; veuillez vous adresser à son équipe d’administration.',
  'program.toFetch': 'Récupérer des données',
  'program.toFetch.text':
    'Avec le lien reçu par e-mail, dans un dossier qui peut déjà contenir une partie des données :',
  'program.windows': 'Windows 10 et versions ultérieures',
  'program.node': 'Node 20.19 ou version ultérieure, une seule fois :',
  'program.olderNode': 'ou https://nodejs.org, si cette version est antérieure à 20.19',
  'program.fetch': 'Le programme et sa somme de contrôle, qui doit être identique à celle indiquée ci-dessus :',
  'program.proxy':
    'Si le réseau ne laisse sortir les ordinateurs que par un proxy, indiquez-le avant la première commande, sans utilisateur ni mot de passe s’il n’en demande pas :',
  'program.atInstrument': 'Sur l’instrument, avec le fichier settings.xml remis par l’équipe d’administration :',
  'program.atStart.windows':
    'Pour surveiller un dossier dès le démarrage de l’ordinateur, créez dans le Planificateur de tâches une tâche qui s’exécute « Au démarrage », qu’une session soit ouverte ou non, avec le programme « node » et les arguments de la dernière commande.',
  'program.atStart.macOS':
    'Pour surveiller un dossier dès le démarrage de l’ordinateur, placez la dernière commande dans une liste de propriétés dans /Library/LaunchDaemons, avec RunAtLoad et KeepAlive.',
  'program.atStart.linux':
    'Pour surveiller un dossier dès le démarrage de l’ordinateur, créez un service systemd dont ExecStart est la dernière commande, avec Restart=on-failure.',
} as const;
