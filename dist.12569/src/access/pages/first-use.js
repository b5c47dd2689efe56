// How to fetch with the Data Mover on a computer that has never seen it: Node, the program, one command with the link.
// The visitor's system first; the others are one click away, without script.
import { jsx as _jsx, jsxs as _jsxs, Fragment as _Fragment } from "preact/jsx-runtime";
import { commandLineOf, downloadCommand, getProgramCommand, NODE_COMMANDS, tokenCommand } from './commands.js';
import { SYSTEMS } from './visitor-system.rules.js';
export const FirstUse = ({ page })=>{
    const { words, query, system, facts, how } = page;
    const own = system === 'handheld' ? undefined : system;
    return /*#__PURE__*/ _jsxs(_Fragment, {
        children: [
            system === 'handheld' ? /*#__PURE__*/ _jsx("p", {
                children: words.say('firstUse.handheld')
            }) : null,
            own ? /*#__PURE__*/ _jsxs(_Fragment, {
                children: [
                    /*#__PURE__*/ _jsx("h3", {
                        children: words.say(`firstUse.on.${own}`)
                    }),
                    /*#__PURE__*/ _jsx(Steps, {
                        page: page,
                        system: own
                    })
                ]
            }) : null,
            SYSTEMS.filter((one)=>one !== own).map((one)=>/*#__PURE__*/ _jsxs("details", {
                    children: [
                        /*#__PURE__*/ _jsx("summary", {
                            children: words.say(`firstUse.on.${one}`)
                        }),
                        /*#__PURE__*/ _jsx(Steps, {
                            page: page,
                            system: one
                        })
                    ]
                }, one)),
            /*#__PURE__*/ _jsxs("details", {
                children: [
                    /*#__PURE__*/ _jsx("summary", {
                        children: words.say('methods.parts')
                    }),
                    /*#__PURE__*/ _jsxs("pre", {
                        children: [
                            words.say('methods.server', {
                                server: how.server
                            }),
                            '\n',
                            words.say('methods.token', {
                                token: how.token
                            })
                        ]
                    }),
                    /*#__PURE__*/ _jsx("pre", {
                        children: tokenCommand(facts, how)
                    })
                ]
            }),
            /*#__PURE__*/ _jsx("p", {
                children: /*#__PURE__*/ _jsx("a", {
                    href: `/data-mover/${query}`,
                    children: words.say('firstUse.more')
                })
            })
        ]
    });
};
const Steps = ({ page: { words, facts, how }, system })=>/*#__PURE__*/ _jsxs(_Fragment, {
        children: [
            /*#__PURE__*/ _jsx("p", {
                children: words.say(system === 'windows' ? 'firstUse.open.windows' : 'firstUse.open.posix')
            }),
            /*#__PURE__*/ _jsxs("ol", {
                children: [
                    /*#__PURE__*/ _jsxs("li", {
                        children: [
                            words.say('firstUse.node'),
                            /*#__PURE__*/ _jsx("pre", {
                                children: NODE_COMMANDS[system]
                            })
                        ]
                    }),
                    /*#__PURE__*/ _jsxs("li", {
                        children: [
                            words.say('firstUse.get'),
                            /*#__PURE__*/ _jsx("pre", {
                                children: getProgramCommand(commandLineOf(system), how)
                            })
                        ]
                    }),
                    /*#__PURE__*/ _jsxs("li", {
                        children: [
                            words.say('firstUse.run'),
                            /*#__PURE__*/ _jsx("pre", {
                                children: downloadCommand(facts, how)
                            })
                        ]
                    })
                ]
            }),
            /*#__PURE__*/ _jsx("p", {
                children: words.say('firstUse.again')
            })
        ]
    });

//# sourceMappingURL=first-use.js.map
