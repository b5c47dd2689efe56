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
  'trouble.request': 'What your browser sent cannot be used here. Please go back, and try again.',
  'trouble.internal':
    'Something failed here that should not. Please try again, and if it fails again, tell the people who run this service this number: {requestId}.',
  'copyTrouble.fields': 'Fill in domain, user and password, or a token, and the full path of a destination namespace.',
  'copyTrouble.logon':
    'The logon was refused by Mediaflux: domain, user or password is wrong; an account with a second factor needs an identity token instead.',
  'copyTrouble.token': 'The token was refused by Mediaflux: it is wrong or has ended.',
  'copyTrouble.readOnly': 'This account may not write in {namespace}.',
  'copyTrouble.parentMissing': '{namespace} cannot be made: this account sees no namespace {parent}.',
  'copyTrouble.parentReadOnly': '{namespace} cannot be made: this account may not write in {parent}.',
  'copyTrouble.changed':
    'The data in Mediaflux are {files, number} files of {bytes, number} bytes where {ofFiles, number} of {ofBytes, number} were uploaded; please tell the platform.',
  'copyTrouble.differs':
    '{path} is there already and differs; nothing is overwritten. Move it, or choose another destination.',
  'copyTrouble.notWhole': '{path} did not arrive whole: its size or checksum is another. Start the copy again.',
  'copyTrouble.ended': 'The link was ended by the platform while the copy was running.',
  'copyTrouble.expired': 'The link expired more than a week ago; ask the platform for a new one.',
  'copyTrouble.loggedOff': 'The logon has ended meanwhile. Start the copy again: what is there already is skipped.',
  'copyTrouble.notPermitted': 'This account may not write there (any more). Choose another destination.',
  'copyTrouble.quota': 'The quota of the destination is used up. Make room, then start the copy again: it goes on.',
  'copyTrouble.name': 'Mediaflux refused the name of the destination. Choose another one.',
} as const;
