// What of later looks is sealed in the platform's chain. The columns and their order are fixed for good.

import { type ChainedKind, sealedInstant } from '../../audit/index.js';

export const chainedLooks: ChainedKind = {
  kind: 'upload-look',
  table: 'upload_look',
  chain: 'e.platform_id::text',
  recordedAt: 'e.recorded_at',
  fields: [
    'e.id::text',
    'e.upload_id::text',
    'e.platform_id::text',
    'e.look::text',
    'e.finding',
    'e.verified_files::text',
    'e.verified_stime::text',
    'e.files::text',
    'e.stime::text',
    'e.differences::text',
    'e.differences_hash',
    'e.is_told::text',
    sealedInstant('e.at'),
    sealedInstant('e.recorded_at'),
  ],
};
