// What of access is sealed in the platform's chain. The columns and their order are fixed for good.
import { sealedInstant } from '../audit/index.js';
const accessEvents = {
    kind: 'access-event',
    table: 'access_event',
    chain: 'e.platform_id::text',
    recordedAt: 'e.recorded_at',
    fields: [
        'e.id::text',
        'e.delivery_id::text',
        'e.platform_id::text',
        'e.method',
        'e.phase',
        'e.counts::text',
        sealedInstant('e.at'),
        'e.details::text',
        sealedInstant('e.recorded_at')
    ]
};
const accessOverrules = {
    kind: 'access-overrule',
    table: 'access_overrule',
    chain: 'e.platform_id::text',
    recordedAt: 'e.recorded_at',
    fields: [
        'e.id::text',
        'e.number::text',
        'e.event_id::text',
        'e.delivery_id::text',
        'e.platform_id::text',
        'e.counts::text',
        'e.actor',
        sealedInstant('e.at'),
        sealedInstant('e.recorded_at')
    ]
};
export const chainedAccess = [
    accessEvents,
    accessOverrules
];

//# sourceMappingURL=chained-records.js.map
