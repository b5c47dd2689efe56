// The page behind a link: what the data are, until when, and the ways to fetch them. No script is needed for any.
import { jsx as _jsx, jsxs as _jsxs, Fragment as _Fragment } from "preact/jsx-runtime";
import { dataFacts, orderedMethods, recipientWords } from '../../deliveries/index.js';
import { renderPage } from '../../views/index.js';
import { Listing } from './files-page.js';
import { CopyMethod, DataMoverMethod, DirectMethod } from './methods.js';
/** Below a link's address; see `Hidden`. */ export const HIDDEN_LINK = 'not-for-people';
const METHODS = {
    direct: DirectMethod,
    'data-mover': DataMoverMethod,
    copy: CopyMethod
};
export function sharePage(page) {
    const { words, facts } = page;
    const methods = orderedMethods(facts);
    return renderPage({
        words,
        title: words.say('page.title', {
            folder: facts.folder
        }),
        usesScript: true,
        children: /*#__PURE__*/ _jsxs(_Fragment, {
            children: [
                /*#__PURE__*/ _jsx("h1", {
                    children: words.say('page.title', {
                        folder: facts.folder
                    })
                }),
                /*#__PURE__*/ _jsxs("dl", {
                    children: [
                        dataFacts(words, facts, null, page.now).map(([name, value])=>/*#__PURE__*/ _jsxs(_Fragment, {
                                children: [
                                    /*#__PURE__*/ _jsx("dt", {
                                        children: name
                                    }),
                                    /*#__PURE__*/ _jsx("dd", {
                                        children: value
                                    })
                                ]
                            })),
                        /*#__PURE__*/ _jsx(Until, {
                            page: page
                        })
                    ]
                }),
                methods.length > 1 && methods[0] !== 'copy' ? /*#__PURE__*/ _jsx("p", {
                    children: words.say(`methods.why.${methods[0] ?? 'direct'}`)
                }) : null,
                methods.map((method)=>{
                    const Method = METHODS[method];
                    return /*#__PURE__*/ _jsx(Method, {
                        page: page
                    }, method);
                }),
                /*#__PURE__*/ _jsx(Done, {
                    page: page
                }),
                /*#__PURE__*/ _jsxs("section", {
                    "aria-labelledby": "files",
                    children: [
                        /*#__PURE__*/ _jsx("h2", {
                            id: "files",
                            children: words.say('page.files')
                        }),
                        /*#__PURE__*/ _jsx(Listing, {
                            words: words,
                            query: page.query,
                            token: page.how.token,
                            tree: page.tree
                        })
                    ]
                }),
                /*#__PURE__*/ _jsx(Hidden, {
                    page: page
                }),
                /*#__PURE__*/ _jsx(KeepLanguage, {
                    page: page
                }),
                /*#__PURE__*/ _jsx("p", {
                    children: words.say('mail.keepSecret')
                }),
                /*#__PURE__*/ _jsx("p", {
                    children: words.say('mail.contact', {
                        name: facts.contactName,
                        email: facts.contactEmail
                    })
                })
            ]
        })
    });
}
/** The time left counts down where script runs; without, it is that of when the page was made. */ const Until = ({ page: { words, facts, now } })=>{
    const { expiresAt } = facts;
    if (expiresAt === null) return null;
    return /*#__PURE__*/ _jsxs(_Fragment, {
        children: [
            /*#__PURE__*/ _jsx("dt", {
                children: words.say('data.until')
            }),
            /*#__PURE__*/ _jsxs("dd", {
                children: [
                    /*#__PURE__*/ _jsx("time", {
                        datetime: expiresAt.toISOString(),
                        children: words.instant(expiresAt, facts.timeZone)
                    }),
                    /*#__PURE__*/ _jsx("span", {
                        class: "left",
                        "data-until": expiresAt.toISOString(),
                        "data-now": now.toISOString(),
                        "data-pattern": words.say('page.left', {
                            left: '{}'
                        }),
                        "data-ended": words.say('page.ended'),
                        children: words.say('page.left', {
                            left: words.timeLeft(now, expiresAt)
                        })
                    })
                ]
            })
        ]
    });
};
const Done = ({ page: { words, query, facts, how } })=>/*#__PURE__*/ _jsxs("section", {
        class: "screen",
        "aria-labelledby": "done",
        children: [
            /*#__PURE__*/ _jsx("h2", {
                id: "done",
                children: words.say('page.done.heading')
            }),
            facts.doneAt ? /*#__PURE__*/ _jsxs("form", {
                method: "post",
                action: `/s/${how.token}/undone${query}`,
                children: [
                    /*#__PURE__*/ _jsx("p", {
                        class: "state good",
                        children: words.say('page.done.said', {
                            at: words.instant(facts.doneAt, facts.timeZone)
                        })
                    }),
                    /*#__PURE__*/ _jsx("button", {
                        type: "submit",
                        class: "plain",
                        children: words.say('page.done.undo')
                    })
                ]
            }) : /*#__PURE__*/ _jsxs("form", {
                method: "post",
                action: `/s/${how.token}/done${query}`,
                children: [
                    /*#__PURE__*/ _jsx("p", {
                        children: words.say('page.done.text')
                    }),
                    /*#__PURE__*/ _jsx("button", {
                        type: "submit",
                        class: "plain",
                        children: words.say('page.done.button')
                    })
                ]
            })
        ]
    });
/** Out of sight, of the keyboard's way and of screen readers: only a program that opens every link follows it. */ const Hidden = ({ page: { words, how } })=>/*#__PURE__*/ _jsx("p", {
        class: "trap",
        "aria-hidden": "true",
        children: /*#__PURE__*/ _jsx("a", {
            href: `/s/${how.token}/${HIDDEN_LINK}`,
            rel: "nofollow",
            tabindex: -1,
            children: words.say('page.hidden')
        })
    });
/** Mails speak the page's language from then on. Offered where they would not anyway. */ const KeepLanguage = ({ page: { words, facts, how } })=>recipientWords(facts).language === words.language ? null : /*#__PURE__*/ _jsx("form", {
        method: "post",
        action: `/s/${how.token}/language`,
        children: /*#__PURE__*/ _jsx("button", {
            type: "submit",
            class: "plain",
            name: "language",
            value: words.language,
            children: words.say('page.language.keep')
        })
    });

//# sourceMappingURL=share-page.js.map
