// The ways to fetch the data, each with how far it has come.
import { jsx as _jsx, jsxs as _jsxs, Fragment as _Fragment } from "preact/jsx-runtime";
import { zipCommand } from './commands.js';
import { FirstUse } from './first-use.js';
const POSIX_FIRST = [
    [
        'posix',
        'macOS, Linux'
    ],
    [
        'windows',
        'Windows'
    ]
];
const WINDOWS_FIRST = POSIX_FIRST.toReversed();
const instantOf = ({ words, facts }, phase)=>words.instant(new Date(phase.at), facts.timeZone);
/** Above the platform's limit a page of its own asks first. */ export const needsConfirmation = ({ facts })=>facts.bytes > facts.directLimitBytes;
export const DirectMethod = ({ page })=>{
    const { words, query, facts, how, phases, system } = page;
    return /*#__PURE__*/ _jsxs("section", {
        "aria-labelledby": "direct",
        children: [
            /*#__PURE__*/ _jsx("h2", {
                id: "direct",
                children: words.say('methods.direct.title')
            }),
            phases.direct ? /*#__PURE__*/ _jsx(DirectState, {
                page: page,
                phase: phases.direct
            }) : null,
            /*#__PURE__*/ _jsx("p", {
                children: words.say('page.direct.hint')
            }),
            needsConfirmation(page) ? /*#__PURE__*/ _jsx("p", {
                children: /*#__PURE__*/ _jsxs("a", {
                    class: "button",
                    href: `/s/${how.token}/direct-confirm${query}`,
                    children: [
                        words.say('page.direct.button'),
                        " (",
                        words.bytes(facts.bytes),
                        ")…"
                    ]
                })
            }) : /*#__PURE__*/ _jsx("form", {
                method: "post",
                action: `/s/${how.token}/direct${query}`,
                children: /*#__PURE__*/ _jsxs("button", {
                    type: "submit",
                    children: [
                        words.say('page.direct.button'),
                        " (",
                        words.bytes(facts.bytes),
                        ")"
                    ]
                })
            }),
            phases.direct ? null : /*#__PURE__*/ _jsx("p", {
                class: "quiet screen",
                children: words.say('page.direct.after')
            }),
            /*#__PURE__*/ _jsxs("details", {
                children: [
                    /*#__PURE__*/ _jsx("summary", {
                        children: words.say('page.curl')
                    }),
                    (system === 'windows' ? WINDOWS_FIRST : POSIX_FIRST).map(([line, name])=>/*#__PURE__*/ _jsxs(_Fragment, {
                            children: [
                                /*#__PURE__*/ _jsxs("p", {
                                    children: [
                                        name,
                                        ":"
                                    ]
                                }),
                                /*#__PURE__*/ _jsx("pre", {
                                    children: zipCommand(line, facts, how)
                                })
                            ]
                        }))
                ]
            })
        ]
    });
};
/** Whether it finished cannot be known, so it is asked; not where the answer would change nothing. */ const DirectState = ({ page, phase })=>{
    const { words, query, facts, how, direct, phases } = page;
    const isOtherwiseFetched = phases['data-mover']?.phase === 'completed' || phases.copy?.phase === 'completed';
    return /*#__PURE__*/ _jsxs("div", {
        class: "state",
        children: [
            /*#__PURE__*/ _jsx("p", {
                children: words.say('page.direct.started', {
                    at: instantOf(page, phase)
                })
            }),
            direct.counts && !facts.doneAt && !isOtherwiseFetched ? /*#__PURE__*/ _jsx("form", {
                method: "post",
                action: `/s/${how.token}/not-received${query}`,
                children: /*#__PURE__*/ _jsx("button", {
                    type: "submit",
                    class: "plain",
                    children: words.say('page.notReceived.button')
                })
            }) : null,
            direct.notReceivedAt ? /*#__PURE__*/ _jsxs("form", {
                method: "post",
                action: `/s/${how.token}/received${query}`,
                children: [
                    /*#__PURE__*/ _jsx("p", {
                        children: words.say('page.notReceived.said', {
                            at: words.instant(direct.notReceivedAt, facts.timeZone)
                        })
                    }),
                    /*#__PURE__*/ _jsx("button", {
                        type: "submit",
                        class: "plain",
                        children: words.say('page.notReceived.undo')
                    })
                ]
            }) : null
        ]
    });
};
export const DataMoverMethod = ({ page })=>{
    const { words, phases } = page;
    const phase = phases['data-mover'];
    return /*#__PURE__*/ _jsxs("section", {
        "aria-labelledby": "data-mover",
        children: [
            /*#__PURE__*/ _jsx("h2", {
                id: "data-mover",
                children: words.say('methods.data-mover.title')
            }),
            phase ? /*#__PURE__*/ _jsx(DataMoverState, {
                page: page,
                phase: phase
            }) : null,
            /*#__PURE__*/ _jsx("p", {
                children: words.say('page.data-mover.text')
            }),
            /*#__PURE__*/ _jsx(FirstUse, {
                page: page
            })
        ]
    });
};
const DataMoverState = ({ page, phase })=>{
    const { words, facts } = page;
    const at = instantOf(page, phase);
    const progress = {
        at,
        done: phase.files ?? 0,
        all: phase.ofFiles ?? facts.files
    };
    if (phase.phase === 'completed') return /*#__PURE__*/ _jsx("p", {
        class: "state good",
        children: progress.done < progress.all ? words.say('page.data-mover.part', progress) : words.say('page.data-mover.completed', {
            at
        })
    });
    return /*#__PURE__*/ _jsx("p", {
        class: phase.phase === 'failed' ? 'state bad' : 'state',
        children: phase.phase === 'failed' ? words.say('page.data-mover.failed', progress) : words.say('page.data-mover.started', progress)
    });
};
export const CopyMethod = ({ page })=>{
    const { words, query, how, phases, copy } = page;
    return /*#__PURE__*/ _jsxs("section", {
        "aria-labelledby": "copy",
        children: [
            /*#__PURE__*/ _jsx("h2", {
                id: "copy",
                children: words.say('methods.copy.title')
            }),
            phases.copy ? /*#__PURE__*/ _jsx(CopyState, {
                page: page,
                phase: phases.copy
            }) : null,
            /*#__PURE__*/ _jsx("p", {
                children: words.say('page.copy.text')
            }),
            /*#__PURE__*/ _jsx("p", {
                children: /*#__PURE__*/ _jsx("a", {
                    class: "button",
                    href: `/s/${how.token}/copy${query}`,
                    children: words.say('page.copy.button')
                })
            }),
            copy ? /*#__PURE__*/ _jsx("p", {
                children: /*#__PURE__*/ _jsx("a", {
                    href: `/s/${how.token}/copy/${copy.id}${query}`,
                    children: words.say('page.copy.look')
                })
            }) : null
        ]
    });
};
const CopyState = ({ page, phase })=>{
    const { words, facts, copy } = page;
    const at = instantOf(page, phase);
    if (phase.phase === 'completed') return /*#__PURE__*/ _jsx("p", {
        class: "state good",
        children: words.say('page.copy.completed', {
            at
        })
    });
    if (copy && (copy.state === 'requested' || copy.state === 'copying')) return /*#__PURE__*/ _jsxs("p", {
        class: "state",
        children: [
            words.say('page.copy.requested', {
                at
            }),
            ' ',
            words.say('page.copy.progress', {
                done: copy.files,
                all: facts.files
            })
        ]
    });
    return phase.phase === 'failed' ? /*#__PURE__*/ _jsx("p", {
        class: "state bad",
        children: words.say('page.copy.failed', {
            at
        })
    }) : /*#__PURE__*/ _jsx("p", {
        class: "state",
        children: words.say('page.copy.requested', {
            at
        })
    });
};

//# sourceMappingURL=methods.js.map
