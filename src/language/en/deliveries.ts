// Mails about deliveries.

export const deliveries = {
  'dispatch.subject': '{platform}: your data {folder} ({size}), until {until}',
  'dispatch.preheader': '{files}, {size}. The links work until {until}.',
  'mail.greeting': 'Hello,',
  'dispatch.intro':
    '{platform} has uploaded data for you. They have arrived whole: number, sizes and checksums of all files were verified.',
  'data.folder': 'Data',
  'data.size': 'Size',
  'data.sizeValue': '{size} in {files}',
  'data.sender': 'From',
  'data.senderValue': '{operator}, {platform}',
  'data.keywords': 'Keywords',
  'data.note': 'Note',
  'data.uploaded': 'Uploaded',
  'data.until': 'Available until',
  'data.untilValue': '{until}: {left} left',
  'methods.heading': 'How to get them',
  'methods.page': 'All ways, and the list of files, are on this page:',
  'methods.why.direct': 'At this size, the zip is the simplest.',
  'methods.why.data-mover':
    'At this size we recommend the Data Mover: it goes on after a break and verifies every file.',
  'methods.data-mover.title': 'With the Data Mover',
  'methods.data-mover.text':
    'For data of any size. It goes on after a break and verifies every file. The page says how to get it, once; then the command is:',
  'methods.direct.title': 'As one zip file',
  'methods.direct.text':
    'Nothing to install. Open the page and press “Download zip”, or use this command (on Windows, with curl.exe in place of curl):',
  'methods.copy.title': 'As a copy in your own Mediaflux project',
  'methods.copy.text': 'If you have a Mediaflux account: open the page and choose “Copy to my project”.',
  'methods.parts': 'If your mail program changes links, these are the parts:',
  'methods.server': 'Server: {server}',
  'methods.token': 'Token: {token}',
  'mail.keepSecret': 'Whoever has the link can fetch the data. Please do not pass it on.',
  'mail.contact': 'Questions? {name}, {email}',
  'calendar.summary': 'Links end: {folder}',
  'calendar.description':
    'The links to your data from {platform} work until {until}. They are in the mail that this came with.',
  'uploaded.subject': '{platform}: {folder} has arrived and is verified',
  'uploaded.intro':
    'The upload is complete: {files}, {size}. Number, sizes and checksums were compared with what Mediaflux holds.',
  'uploaded.recipients': 'A mail with links goes to:',
  'stalled.subject': '{platform}: the upload {folder} was given up',
  'stalled.text':
    'Nothing came for this upload for {after}, so it was given up. Nobody has been told of it. What has arrived stays in Mediaflux; running the same upload command again takes it up where it stopped.',
  'stalling.subject': '{platform}: the upload {folder} makes no progress',
  'stalling.text':
    'Nothing has come for this upload for {since}. Is the computer on, and does the Data Mover run there? Running the same upload command again takes it up where it stopped. Without progress it is given up after {limit}.',
  'stalling.from': 'Computer',
  'verificationFailing.subject': '{platform}: the upload {folder} cannot be verified',
  'verificationFailing.text':
    'The computer has sent everything, but the comparison of the files with the manifest has not come to its end for {since}{failures, plural, =0 {} one {, after one try that failed} other {, after # tries that failed}}. It goes on being tried by itself, and nobody has been told of the data, which stay in Mediaflux.',
  'verificationFailing.trouble': 'The last reason',
  'verificationFailing.what':
    'If the reason is not mended soon, ask an administrator: the log of the service has the details. The upload can also be given up and made again.',
  'changed.subject': '{platform}: the upload {folder} has changed since it was verified',
  'changed.text':
    'This upload was verified and complete on {verified}. The service looked at its folder in Mediaflux again on {found}, and the folder no longer holds what was verified: a file that was still on its way may have come late, or somebody has changed the folder. The recipients have not been told, and the links go on working.',
  'changed.namespace': 'Namespace in Mediaflux',
  'changed.then': 'Verified',
  'changed.now': 'Found now',
  'changed.differing':
    '{count, plural, one {# file differs from what was verified:} other {# files differ from what was verified:}}',
  'changed.missing': '{path} (is missing)',
  'changed.unexpected': '{path} (was not part of the upload)',
  'changed.content': '{path} (has another content)',
  'changed.more': '{count, plural, one {and # more} other {and # more}}',
  'changed.compare':
    'Please compare: the files on the instrument’s computer, or a download with the Data Mover, which keeps no file that differs from what was verified and names it. The direct download and the copy bring the files as they are now.',
  'changed.what':
    'Then decide. If the change was meant, nothing needs to be done. If it was not, put the verified files back, or upload the data again, and have an administrator revoke the links and share the data anew.',
  'accessed.subject.data-mover': '{platform}: {recipient} has downloaded {folder}',
  'accessed.subject.direct': '{platform}: {recipient} has started a direct download of {folder}',
  'accessed.subject.copy': '{platform}: {recipient} has copied {folder}',
  'accessed.text.data-mover': '{recipient} has downloaded the data with the Data Mover.',
  'accessed.text.direct': '{recipient} has started a direct download. Whether it finished cannot be known.',
  'accessed.part.subject': '{platform}: {recipient} has downloaded part of {folder}',
  'accessed.part.text': '{recipient} has downloaded {done, number} of {all, number} files with the Data Mover.',
  'accessed.text.copy': '{recipient} has copied the data to a Mediaflux project.',
  'moreTime.subject': '{platform}: {recipient} asks for more time for {folder}',
  'moreTime.text':
    'The links of {recipient} to these data ended on {ended}, and they have asked for new ones. The data themselves are not deleted by links ending.',
  'moreTime.grant':
    'An administrator can grant or decline it, by the number of the request below. Granted, a new link goes to the same address. If it was not to be, nothing needs to be done.',
  'moreTime.request': 'Request',
  'notDelivered.subject': '{platform}: the mail to {recipient} did not arrive',
  'notDelivered.text':
    'The mail with the links did not arrive at {recipient}: the mail server there could not be reached, or did not take it, for so long that it was given up. The address may be right all the same. Please check it; a new link can be sent to it or to another one: by an administrator at any time, by the operator within a day of the upload.',
  'undeliverable.subject': '{platform}: the mail to {recipient} could not be delivered',
  'undeliverable.text':
    'The mail server refused the address {recipient} for good: mails about these data do not arrive there, and no reminders are sent to it. Correct the address: an administrator can do so at any time, the operator within a day of the upload.',
} as const;
