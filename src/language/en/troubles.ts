// What people are told when something did not work. Programs are told the same in English.

export const troubles = {
  'trouble.methodNotOffered':
    'The platform does not offer this way to fetch the data. Please use another one, or ask {contact}.',
  'trouble.tooManyLogons':
    'Too many logons for this account were refused; to keep it from being locked, wait {minutes, plural, one {# minute} other {# minutes}}.',
  'trouble.tooManyGuesses':
    'Too many links that are not known here came from this network; wait {seconds, plural, one {# second} other {# seconds}}.',
  'trouble.tooOften':
    'This link has ended, and was asked for too often; wait {seconds, plural, one {# second} other {# seconds}}.',
  'trouble.askedTooSoon':
    'A request for more time was declined in the last day. Please ask {contact}, or ask here again tomorrow.',
  'trouble.onlyByButton':
    'This address is behind a button. Please open the link from the mail and use the button there.',
  'trouble.unavailable': 'The data cannot be reached at the moment. Please try again in a moment; nothing is lost.',
  'trouble.nothingHere': 'There is nothing at this address.',
  'trouble.request': 'What your browser sent cannot be used here. Please go back, and try again.',
  'trouble.internal':
    'Something failed here that should not. Please try again, and if it fails again, tell the people who run this service this number: {requestId}.',
  'copyTrouble.fields': 'Fill in domain, user and password, or a token.',
  'copyTrouble.logon':
    'The logon was refused by Mediaflux: domain, user or password is wrong; an account with a second factor needs an identity token instead.',
  'copyTrouble.token': 'The token was refused by Mediaflux: it is wrong or has ended.',
  'copyTrouble.readOnly': 'This account may not write in {namespace}.',
  'copyTrouble.ownData': '{namespace} belongs to these data themselves. Choose another destination.',
  'copyTrouble.parentMissing': '{namespace} cannot be made: this account sees no namespace {parent}.',
  'copyTrouble.parentReadOnly': '{namespace} cannot be made: this account may not write in {parent}.',
  'copyTrouble.changed':
    'The data in Mediaflux are {files, number} files of {bytes, number} bytes where {ofFiles, number} of {ofBytes, number} were uploaded; please tell the platform.',
  'copyTrouble.differs':
    '{path} is there already and differs; nothing is overwritten. Move it, or choose another destination.',
  'copyTrouble.notWhole':
    '{path} did not arrive whole: its size or checksum is another. Remove it there, then log on again: the copy goes on.',
  'copyTrouble.ended': 'The link was ended by the platform while the copy was running.',
  'copyTrouble.expired': 'The link expired more than a week ago; ask the platform for a new one.',
  'copyTrouble.loggedOff': 'The logon ended before the copy did. Log on again, and the copy goes on where it stood.',
  'copyTrouble.notPermitted':
    'This account may not write there (any more). Get that right again and log on, or choose another destination.',
  'copyTrouble.quota': 'The quota of the destination is used up. Make room, then log on again: the copy goes on.',
  'copyTrouble.name': 'Mediaflux refused the name of the destination. Choose another one.',
  'copyTrouble.path':
    'Choose a project, or type the full path of a namespace, such as /projects/proj-mine-1128.4.20/data.',
  'copyTrouble.secondFactor':
    'Mediaflux wants a second factor for this account, which cannot be given here. Make an identity token in Mediaflux, and use it instead of the password.',
  'copyTrouble.noPasswords': 'This platform takes no passwords for copies. Use an identity token of yours instead.',
  'copyTrouble.logonOver': 'You are not logged on any more. Please log on again.',
  'copyTrouble.unexplained': 'Mediaflux refused again and again, and says: {detail}',
  'copyTrouble.notResumable': 'This copy is under way, is done, or has ended with its link. It takes no new logon.',
  'copyTrouble.placeTaken':
    'Another copy of these data to {destination} is under way and brings the same files. Wait for its end; if it fails too, either can go on.',
  'copyTrouble.tooLate':
    'The link has expired, and the time in which this copy could go on is over. Ask the platform for a new link.',
} as const;
