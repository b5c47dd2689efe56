// The copy method's pages: a form, and how far a copy is.
import { jsx as _jsx, jsxs as _jsxs, Fragment as _Fragment } from "preact/jsx-runtime";
import { isSentence } from '../../language/index.js';
import { renderPage } from '../../views/index.js';
export const copyFormPage = ({ page: { words, query }, facts, token, typed, problems })=>renderPage({
        words,
        title: words.say('copyForm.title', {
            folder: facts.folder
        }),
        children: /*#__PURE__*/ _jsxs(_Fragment, {
            children: [
                /*#__PURE__*/ _jsx("h1", {
                    children: words.say('copyForm.title', {
                        folder: facts.folder
                    })
                }),
                problems.length === 0 ? null : /*#__PURE__*/ _jsxs("div", {
                    class: "problem",
                    role: "alert",
                    children: [
                        /*#__PURE__*/ _jsx("p", {
                            children: words.say('copyForm.problem')
                        }),
                        /*#__PURE__*/ _jsx("ul", {
                            children: problems.map((problem)=>/*#__PURE__*/ _jsx("li", {
                                    children: problem
                                }, problem))
                        })
                    ]
                }),
                /*#__PURE__*/ _jsx("p", {
                    children: words.say('copyForm.intro')
                }),
                /*#__PURE__*/ _jsx("p", {
                    children: words.say('copyForm.power')
                }),
                /*#__PURE__*/ _jsxs("form", {
                    method: "post",
                    action: `/s/${token}/copy${query}`,
                    children: [
                        /*#__PURE__*/ _jsx(Field, {
                            name: "domain",
                            label: words.say('copyForm.domain'),
                            value: typed.domain
                        }),
                        /*#__PURE__*/ _jsx(Field, {
                            name: "user",
                            label: words.say('copyForm.user'),
                            value: typed.user
                        }),
                        /*#__PURE__*/ _jsx(Field, {
                            name: "password",
                            label: words.say('copyForm.password'),
                            value: "",
                            type: "password"
                        }),
                        /*#__PURE__*/ _jsx(Field, {
                            name: "token",
                            label: words.say('copyForm.token'),
                            value: "",
                            type: "password"
                        }),
                        /*#__PURE__*/ _jsx(Field, {
                            name: "destination",
                            label: words.say('copyForm.destination'),
                            value: typed.destination
                        }),
                        /*#__PURE__*/ _jsx("p", {
                            children: /*#__PURE__*/ _jsx("button", {
                                type: "submit",
                                children: words.say('copyForm.submit')
                            })
                        })
                    ]
                }),
                /*#__PURE__*/ _jsx("p", {
                    children: /*#__PURE__*/ _jsx("a", {
                        href: `/s/${token}${query}`,
                        children: words.say('page.back')
                    })
                })
            ]
        })
    });
const Field = ({ name, label, value, type = 'text' })=>/*#__PURE__*/ _jsxs(_Fragment, {
        children: [
            /*#__PURE__*/ _jsx("label", {
                for: name,
                children: label
            }),
            type === 'password' ? /*#__PURE__*/ _jsx("input", {
                id: name,
                name: name,
                type: "password",
                value: value,
                autocomplete: "off"
            }) : /*#__PURE__*/ _jsx("input", {
                id: name,
                name: name,
                type: "text",
                value: value,
                autocomplete: "off"
            })
        ]
    });
/** Where script runs the page loads itself again. */ const LOOK_AGAIN_SECONDS = 10;
export const copyStatePage = ({ words, query }, facts, token, copy)=>renderPage({
        words,
        title: words.say('copyState.title', {
            folder: facts.folder
        }),
        usesScript: copy.state === 'requested' || copy.state === 'copying',
        children: /*#__PURE__*/ _jsxs(_Fragment, {
            children: [
                /*#__PURE__*/ _jsx("h1", {
                    children: words.say('copyState.title', {
                        folder: facts.folder
                    })
                }),
                /*#__PURE__*/ _jsx("p", {
                    role: "status",
                    children: words.say(`copyState.${copy.state}`, {
                        files: copy.files,
                        all: facts.files,
                        destination: copy.destination,
                        reason: isSentence(copy.reason_sentence) ? words.tell(copy.reason_sentence) : copy.reason ?? ''
                    })
                }),
                copy.state === 'requested' || copy.state === 'copying' ? /*#__PURE__*/ _jsx("p", {
                    "data-look-again-seconds": LOOK_AGAIN_SECONDS,
                    children: words.say('copyState.refresh')
                }) : null,
                /*#__PURE__*/ _jsx("p", {
                    children: /*#__PURE__*/ _jsx("a", {
                        href: `/s/${token}${query}`,
                        children: words.say('page.back')
                    })
                })
            ]
        })
    });

//# sourceMappingURL=copy-pages.js.map
