// What the page behind a link is made of.

import type { DeliveryFacts, HowToFetch, MethodPhase } from '../../deliveries/index.js';
import type { DispatchMethod } from '../../platforms/index.js';
import type { PageWords } from '../../views/index.js';
import type { DirectOutcome } from '../not-received.service.js';
import type { FolderPage } from '../tree/file-tree.service.js';
import type { VisitorSystem } from './visitor-system.rules.js';

export type PageFacts = Pick<
  DeliveryFacts,
  | 'id'
  | 'expiresAt'
  | 'doneAt'
  | 'optedOutAt'
  | 'folder'
  | 'manifestId'
  | 'files'
  | 'bytes'
  | 'namesNotForWindows'
  | 'keywords'
  | 'note'
  | 'operatorName'
  | 'uploadedAt'
  | 'platform'
  | 'timeZone'
  | 'methods'
  | 'contactName'
  | 'contactEmail'
  | 'directLimitBytes'
  | 'sendsReminders'
  | 'languages'
>;

/** May the person count on reminders, as far as it is theirs to say? */
export const isReminded = ({ sendsReminders, optedOutAt }: PageFacts): boolean => sendsReminders && optedOutAt === null;

export interface SharePage extends PageWords {
  facts: PageFacts;
  phases: Record<DispatchMethod, MethodPhase | null>;
  direct: DirectOutcome;
  /** The one begun last. */
  copy: { id: string; state: string; files: number } | null;
  /** The top of the tree. */
  tree: FolderPage;
  how: HowToFetch;
  system: VisitorSystem | 'handheld' | undefined;
  now: Date;
}
