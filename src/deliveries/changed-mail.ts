// To the operators, when a later look finds that a complete upload no longer holds what was verified. It holds no link and
// names no recipient. The subject is the look.

import { Injectable } from '@nestjs/common';
import { row, rows, type Tx } from '../database/index.js';
import { type Words, wordsFor } from '../language/index.js';
import type { Composition, MailKind, QueuedMail } from '../mail/index.js';
import { listedMail } from './operator-mails.js';

interface ChangedFacts {
  folder: string;
  namespace: string;
  completedAt: Date;
  at: Date;
  verifiedFiles: number;
  files: number;
  differences: number;
  /** Of a later look that has something else to say; null where this one is the last word. */
  laterFinding: string | null;
  platform: string;
  timeZone: string;
  language: string;
  contactName: string;
  contactEmail: string;
}

interface Differing {
  path: string;
  problem: string;
}

const LISTED_PATHS = 20;
const LONGEST_PATH = 300;

@Injectable()
export class UploadChangedMail implements MailKind {
  readonly kind = 'upload-changed';

  async compose(tx: Tx, mail: QueuedMail): Promise<Composition> {
    const facts = await row<ChangedFacts>(
      tx,
      `select u.folder, u.data_namespace as namespace, u.completed_at as "completedAt", l.at,
              l.verified_files as "verifiedFiles", l.files, l.differences, p.name as platform, p.time_zone as "timeZone",
              p.language, p.contact_name as "contactName", p.contact_email as "contactEmail",
              (select n.finding
                 from upload_look n
                where n.upload_id = l.upload_id
                  and n.look > l.look
                  and (n.is_told or n.finding <> 'changed')
                order by n.look desc
                limit 1) as "laterFinding"
         from upload_look l
         join upload u on u.id = l.upload_id
         join platform p on p.id = u.platform_id
        where l.id = $1`,
      [mail.subjectId],
    );
    if (!facts) return { skip: 'gone' };
    if (facts.laterFinding !== null && facts.laterFinding !== 'not-seen') return { skip: 'out-of-date' };
    const differing = await rows<Differing>(
      tx,
      `select path, problem from upload_look_path where look_id = $1 order by position limit ${LISTED_PATHS}`,
      [mail.subjectId],
    );
    const { platform, folder, timeZone } = facts;
    const words = wordsFor(facts.language);
    return listedMail(words, facts, words.say('changed.subject', { platform, folder }), [
      words.say('changed.text', {
        verified: words.instant(facts.completedAt, timeZone),
        found: words.instant(facts.at, timeZone),
      }),
      [
        words.fact(words.say('data.folder'), folder),
        words.fact(words.say('changed.namespace'), facts.namespace),
        words.fact(words.say('changed.then'), words.files(facts.verifiedFiles)),
        words.fact(words.say('changed.now'), words.files(facts.files)),
      ],
      words.say('changed.differing', { count: facts.differences }),
      [
        ...differing.map((one) => differingLine(words, one)),
        ...(facts.differences > differing.length
          ? [words.say('changed.more', { count: facts.differences - differing.length })]
          : []),
      ],
      words.say('changed.compare'),
      words.say('changed.what'),
    ]);
  }
}

function differingLine(words: Words, { path, problem }: Differing): string {
  const shown = { path: shownPath(path) };
  if (problem === 'missing') return words.say('changed.missing', shown);
  if (problem === 'unexpected') return words.say('changed.unexpected', shown);
  return words.say('changed.content', shown);
}

/** Names in Mediaflux may be anybody's: nothing that breaks a line or turns its direction. */
function shownPath(path: string): string {
  const plain = [...path.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd')];
  return plain.length > LONGEST_PATH ? `…${plain.slice(-LONGEST_PATH).join('')}` : plain.join('');
}
