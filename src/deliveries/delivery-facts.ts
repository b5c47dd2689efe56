// A delivery with what its upload and platform say: what every mail and page about it is written from.

import { prepared, preparedRows, rows, type Tx } from '../database/index.js';
import { type Words, wordsFor } from '../language/index.js';
import type { DispatchMethod, MailTexts } from '../platforms/index.js';

export interface DeliveryFacts {
  id: string;
  uploadId: string;
  platformId: string;
  personId: string;
  recipient: string;
  ordinal: number;
  linkLifetime: string;
  linkGeneration: number;
  linkKeyId: string;
  handedOverAt: Date | null;
  expiresAt: Date | null;
  accessedAt: Date | null;
  doneAt: Date | null;
  optedOutAt: Date | null;
  undeliverableAt: Date | null;
  goneAt: Date | null;
  revokedAt: Date | null;
  createdAt: Date;
  /** Made before its shareable was stopped: nothing of it that was not sent is sent. */
  isHeld: boolean;
  folder: string;
  dataNamespace: string;
  manifestId: string;
  files: number;
  bytes: number;
  /** So many names Windows cannot hold, or takes for another's. */
  namesNotForWindows: number;
  keywords: string[];
  note: string | null;
  operatorName: string | null;
  uploadedAt: Date;
  shareableId: string | null;
  operatorPersonId: string | null;
  /** Grows with each change of the moment at which the links end. */
  expiryEdition: number;
  platform: string;
  mailTexts: MailTexts;
  /** Of mails to the recipient, where it is known, and else the platform's. */
  languages: { person: string | null; platform: string };
  timeZone: string;
  methods: DispatchMethod[];
  contactName: string;
  contactEmail: string;
  directLimitBytes: number;
  copyPasswords: boolean;
  notifyOnAccess: boolean;
  partialCounts: boolean;
  /** The platform does; whether this delivery is reminded is another question. */
  sendsReminders: boolean;
}

const SELECT = `
  select d.id, d.upload_id as "uploadId", d.platform_id as "platformId", d.person_id as "personId", n.address as recipient,
         d.ordinal, d.link_lifetime as "linkLifetime", d.link_generation as "linkGeneration", d.link_key_id as "linkKeyId",
         d.handed_over_at as "handedOverAt", d.expires_at as "expiresAt", d.accessed_at as "accessedAt", d.done_at as "doneAt",
         d.opted_out_at as "optedOutAt", d.undeliverable_at as "undeliverableAt", d.gone_at as "goneAt",
         d.revoked_at as "revokedAt", d.created_at as "createdAt",
         coalesce(d.created_at <= s.stopped_at, false) as "isHeld", u.folder, u.data_namespace as "dataNamespace",
         u.manifest_id as "manifestId", u.files, u.bytes,
         u.names_not_for_windows as "namesNotForWindows", u.keywords, u.note, u.operator_name as "operatorName",
         u.completed_at as "uploadedAt", u.shareable_id as "shareableId", u.operator_person_id as "operatorPersonId",
         d.expiry_edition as "expiryEdition", p.name as platform, p.mail_texts as "mailTexts",
         json_build_object('person', n.language, 'platform', p.language) as languages, p.time_zone as "timeZone", p.methods, p.contact_name as "contactName",
         p.contact_email as "contactEmail", p.direct_limit_bytes as "directLimitBytes", p.copy_passwords as "copyPasswords", p.notify_on_access as "notifyOnAccess",
         p.partial_counts as "partialCounts", p.reminders_enabled as "sendsReminders"
    from delivery d
    join upload u on u.id = d.upload_id
    join platform p on p.id = d.platform_id
    join person n on n.id = d.person_id
    left join upload_shareable s on s.id = u.shareable_id`;

/** The words of mails to the recipient. */
export const recipientWords = ({ languages }: Pick<DeliveryFacts, 'languages'>): Words =>
  wordsFor(languages.person ?? languages.platform);

/** The words of mails to operators: the platform's. */
export const operatorWords = ({ languages }: Pick<DeliveryFacts, 'languages'>): Words => wordsFor(languages.platform);

/** @param lock holds the delivery's row until the transaction ends */
export const findDelivery = async (tx: Tx, id: string, lock = false): Promise<DeliveryFacts | undefined> =>
  (await preparedRows<DeliveryFacts>(tx, lock ? FIND_AND_LOCK : FIND, [id]))[0];

const FIND = prepared(`${SELECT} where d.id = $1`);
const FIND_MANY = prepared(`${SELECT} where d.id = any($1::uuid[])`);
const FIND_AND_LOCK = prepared(`${SELECT} where d.id = $1 for update of d`);

/** Those that there are, in no order. */
export const findDeliveries = (tx: Tx, ids: readonly string[]): Promise<DeliveryFacts[]> =>
  preparedRows<DeliveryFacts>(tx, FIND_MANY, [ids]);

export const deliveriesOfUpload = (tx: Tx, uploadId: string): Promise<DeliveryFacts[]> =>
  rows<DeliveryFacts>(tx, `${SELECT} where d.upload_id = $1 order by d.id`, [uploadId]);
