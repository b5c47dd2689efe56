export { cleanSuffix, folderName, SUFFIX_RULE } from './folder-name.rules.js';
export { type MailTexts, mailTextFor } from './mail-texts.rules.js';
export { duration } from './duration.schema.js';
export { emailAddress, mailTexts } from './platforms.schema.js';
export { type DispatchMethod, findPlatform, type Platform } from './platform.js';
export { PlatformChanges } from './platform-changes.js';
export { PlatformsModule } from './platforms.module.js';
export { reminderPolicyVersions } from './reminder-policy/policy-versions.store.js';
export { whileAway } from './namespace-check.js';
