// What can be told of a query for a namespace alone without looking at its assets: indexes know how many lie in each
// namespace, and their least and largest change number.
import { pathsFrom } from './narrowing.js';
/** Of all that the caller may see; undefined for a query that asks for anything else. */ export async function summarize({ state }, conditions, mayRead, turns) {
    const [condition, ...more] = conditions;
    if (condition?.kind !== 'namespace' || condition.operator === '!=' || more.length > 0) return undefined;
    const summary = {
        count: 0,
        stimes: undefined
    };
    for (const path of condition.operator === '=' ? [
        condition.path
    ] : pathsFrom(state, condition.path)){
        if (turns.isOver) await turns.next();
        if (condition.operator === '>' && path === condition.path || !mayRead(path)) continue;
        summary.count += state.countBy('namespace', path);
        const stimes = state.stimesIn(path);
        if (!stimes) continue;
        summary.stimes = {
            least: Math.min(stimes.least, summary.stimes?.least ?? Infinity),
            most: Math.max(stimes.most, summary.stimes?.most ?? -Infinity)
        };
    }
    return summary;
}

//# sourceMappingURL=summary.js.map
