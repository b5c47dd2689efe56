// What a shareable may do in a day, so that a stolen token does little harm: uploads, recipients, recipients' domains,
// each unlimited unless set. A day is the last 24 hours at any moment: a count by calendar days would allow twice the
// limit around midnight.

export interface ShareableLimits {
  uploadsPerDay: number | null;
  /** Each recipient of each upload counts, as each gets a mail. */
  recipientsPerDay: number | null;
  /** In lower case and ASCII; `*.example.org` is every domain below `example.org`. */
  recipientDomains: string[] | null;
}

/** In the last 24 hours. */
export interface LimitUse {
  uploads: number;
  recipients: number;
}

export interface LimitQuestion {
  /** 1 for a start, 0 for a change of one that runs. */
  uploads: 0 | 1;
  /** Addresses that are named now, in their normal form, and where they stand in the request. */
  recipients: readonly { address: string; path: string }[];
}

export interface LimitFault {
  path: string;
  message: string;
  /** It would be allowed later: when uses of before are a day old. */
  passes: boolean;
}

/** Everything that stands against the request; nothing when it may go on. */
export function limitFaults(limits: ShareableLimits, used: LimitUse, asked: LimitQuestion): LimitFault[] {
  const faults: LimitFault[] = [];
  const { uploadsPerDay, recipientsPerDay, recipientDomains } = limits;
  if (uploadsPerDay !== null && used.uploads + asked.uploads > uploadsPerDay && asked.uploads > 0)
    faults.push({
      path: 'uploads',
      message: `this shareable may start ${uploadsPerDay} uploads in 24 hours, and has`,
      passes: true,
    });
  if (recipientsPerDay !== null && asked.recipients.length > recipientsPerDay)
    faults.push({
      path: 'recipients',
      message: `this shareable may send to ${recipientsPerDay} recipients in 24 hours; name no more`,
      passes: false,
    });
  else if (
    recipientsPerDay !== null &&
    asked.recipients.length > 0 &&
    used.recipients + asked.recipients.length > recipientsPerDay
  )
    faults.push({
      path: 'recipients',
      message: `this shareable may send to ${recipientsPerDay} recipients in 24 hours, and has named ${used.recipients}`,
      passes: true,
    });
  if (recipientDomains !== null)
    for (const { address, path } of asked.recipients)
      if (!recipientDomains.some((domain) => isWithin(address, domain)))
        faults.push({
          path,
          message: `this shareable may send to addresses of ${recipientDomains.join(', ')} only`,
          passes: false,
        });
  return faults;
}

/** What is left of each count; null where there is no limit. */
export const leftOf = (limits: ShareableLimits, used: LimitUse) => ({
  uploads: limits.uploadsPerDay === null ? null : Math.max(0, limits.uploadsPerDay - used.uploads),
  recipients: limits.recipientsPerDay === null ? null : Math.max(0, limits.recipientsPerDay - used.recipients),
});

function isWithin(address: string, domain: string): boolean {
  const own = address.slice(address.lastIndexOf('@') + 1);
  return domain.startsWith('*.') ? own.endsWith(domain.slice(1)) : own === domain;
}
