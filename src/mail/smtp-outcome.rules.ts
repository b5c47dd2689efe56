// What an answer, or a silence, of the mail server means for one mail.

export type SmtpOutcome =
  /** Not taken, and not the recipient's fault for good: try again. */
  | 'retry'
  /** This recipient is refused for good. */
  | 'refused'
  /** The whole mail was sent and the answer to it never came: it may have been taken. */
  | 'unknown';

export interface SmtpFailure {
  /** The server's reply code, if it replied. */
  responseCode?: number | undefined;
  /** The reply, in which an enhanced status code (RFC 3463) may follow the reply code. */
  response?: string | undefined;
  /** The SMTP command that failed, as nodemailer names it; `DATA` for the content and its final dot too. */
  command?: string | undefined;
  /** Had the final dot left before the failure? */
  wasDotSent: boolean;
}

export function outcomeOf(failure: SmtpFailure): SmtpOutcome {
  const { responseCode } = failure;
  if (responseCode !== undefined && responseCode >= 400)
    return responseCode >= 500 && isAboutTheRecipient(failure) ? 'refused' : 'retry';
  return failure.wasDotSent ? 'unknown' : 'retry';
}

/** The permanent refusals of RFC 5321 that may be about a mailbox; the others are about what we said or who we are. */
const ABOUT_A_MAILBOX = [550, 551, 552, 553, 554, 556];
/**
 * Enhanced codes (registry of RFC 3463 and RFC 5248) that are about our sender, our server, our protocol, the size or
 * form of the mail, or a policy: an administrator mends these, and the mail goes then. 5.7.13 and 5.7.17 are about the
 * recipient's account.
 */
const ABOUT_US = /^5\.(?:1\.[78]|2\.3|3\.\d+|5\.[1-6]|6\.[1-9]\d*|7\.(?!13$|17$)\d+)$/;
/** The same where a server gives no enhanced code, or a vague one. */
const ABOUT_US_IN_WORDS =
  /relay|sender|your (?:ip|host|server|domain|message)|block(?:ed|list| list)|black ?list|dnsbl|\brbl\b|spam|virus|malware|policy|\bspf\b|dkim|dmarc|authenti|reputation|too (?:large|big|long)|size|starttls/i;

/** Is it this recipient that is refused, and not our sender, our server, our settings, or any mail like this one? */
function isAboutTheRecipient({ responseCode, response = '', command = '' }: SmtpFailure): boolean {
  if (!/^(?:RCPT TO|DATA)$/.test(command) || !ABOUT_A_MAILBOX.includes(responseCode ?? 0)) return false;
  const enhanced = enhancedCodeOf(response);
  if (enhanced !== undefined && ABOUT_US.test(enhanced)) return false;
  const isSpecific = enhanced !== undefined && /^5\.[124]\.[1-9]/.test(enhanced);
  return isSpecific || !ABOUT_US_IN_WORDS.test(response);
}

/** `5.1.1` of `550 5.1.1 No such user`. */
export const enhancedCodeOf = (response: string): string | undefined =>
  /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
