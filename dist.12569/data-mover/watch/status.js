// `data-mover watch --status`: what is known of each dataset, whether a watch runs or not.
import { WatchState } from './watch-state.js';
const WORDS = {
    changing: 'not finished',
    waiting: 'waits',
    uploading: 'being uploaded',
    uploaded: 'uploaded',
    failed: 'failed'
};
/** Lines to print; as JSON, an object for each dataset. */ export function statusLines(folder, asJson) {
    const { datasets } = new WatchState(folder);
    if (asJson) return [
        ...datasets
    ].map(([dataset, record])=>JSON.stringify(forPrograms(dataset, record)));
    if (datasets.size === 0) return [
        'No dataset is known in this folder.'
    ];
    const width = Math.max(...[
        ...datasets.keys()
    ].map((name)=>name.length));
    return [
        ...datasets
    ].map(([name, record])=>`${name.padEnd(width)}  ${WORDS[record.state]}${detail(record)}`);
}
function detail(record) {
    const { folder, message, attempts, nextTryAt, absentSince } = record;
    if (absentSince !== undefined) return `${folder === undefined ? '' : ` as ${folder}`}, not there since ${time(absentSince)}`;
    if (record.state === 'uploaded') return ` as ${folder ?? 'unknown'}`;
    if (record.state === 'failed') return ` ${attempts} ${attempts === 1 ? 'time' : 'times'}, next try ${time(nextTryAt)}: ${message ?? ''}`;
    return message === undefined ? `, unchanged since ${time(record.unchangedSince)}` : `: ${message}`;
}
function forPrograms(dataset, record) {
    const { state, attempts, message, folder, nextTryAt, uploadedAt, absentSince } = record;
    return {
        dataset,
        state,
        ...message === undefined ? {} : {
            message
        },
        ...attempts === 0 ? {} : {
            attempts
        },
        ...state === 'failed' ? {
            nextTryAt: time(nextTryAt)
        } : {},
        ...folder === undefined ? {} : {
            folder
        },
        ...uploadedAt === undefined ? {} : {
            uploadedAt: time(uploadedAt)
        },
        ...absentSince === undefined ? {} : {
            absentSince: time(absentSince)
        }
    };
}
const time = (at)=>new Date(at).toISOString();

//# sourceMappingURL=status.js.map
