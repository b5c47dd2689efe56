// What an answer, or a silence, of the mail server means for one mail.

export type SmtpOutcome =
  /** Not taken, and nobody's fault for good: try again. */
  | 'retry'
  /** This recipient is refused for good. */
  | 'refused'
  /** The whole mail was sent and the answer to it never came: it may have been taken. */
  | 'unknown';

export interface SmtpFailure {
  /** Nodemailer's `code`. */
  code?: string | undefined;
  /** The server's reply code, if it replied. */
  responseCode?: number | undefined;
  /** The SMTP command that failed, as nodemailer names it. */
  command?: string | undefined;
  /** Did the last byte of the mail leave before the failure? */
  wasContentSent: boolean;
}

/** Commands whose permanent refusal is about this recipient or this mail; elsewhere it is about us and our settings. */
const ABOUT_THE_RECIPIENT = /^(RCPT TO|DATA)$/;

export function outcomeOf(failure: SmtpFailure): SmtpOutcome {
  const { responseCode, command } = failure;
  if (responseCode !== undefined && responseCode >= 400) {
    return responseCode >= 500 && ABOUT_THE_RECIPIENT.test(command ?? '') ? 'refused' : 'retry';
  }
  return failure.wasContentSent ? 'unknown' : 'retry';
}

const BACKOFF_SECONDS = [1, 5, 30, 120, 600, 1_800, 3_600];

/** Seconds until the next try. @param random from 0 to below 1 */
export function backoffSeconds(attempt: number, random: number): number {
  const base = BACKOFF_SECONDS[Math.min(attempt, BACKOFF_SECONDS.length) - 1] ?? 1;
  return base * (0.75 + random * 0.5);
}
