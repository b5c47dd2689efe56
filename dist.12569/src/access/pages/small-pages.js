// Pages of few words: a link that has ended or is not known, trouble, reminders on and off.
import { jsx as _jsx, jsxs as _jsxs, Fragment as _Fragment } from "preact/jsx-runtime";
import { renderPage } from '../../views/index.js';
const shortPage = (words, title, ...paragraphs)=>renderPage({
        words,
        title,
        children: /*#__PURE__*/ _jsxs(_Fragment, {
            children: [
                /*#__PURE__*/ _jsx("h1", {
                    children: title
                }),
                paragraphs.map((text)=>/*#__PURE__*/ _jsx("p", {
                        children: text
                    }, text))
            ]
        })
    });
export const gonePage = ({ words, query, contact, moreTime })=>renderPage({
        words,
        title: words.say('gone.title'),
        children: /*#__PURE__*/ _jsxs(_Fragment, {
            children: [
                /*#__PURE__*/ _jsx("h1", {
                    children: words.say('gone.title')
                }),
                /*#__PURE__*/ _jsx("p", {
                    children: words.say('gone.text', contact)
                }),
                moreTime?.askedAt ? /*#__PURE__*/ _jsx("p", {
                    role: "status",
                    children: words.say('gone.moreTime.asked', {
                        at: words.instant(moreTime.askedAt, moreTime.timeZone)
                    })
                }) : null,
                moreTime && !moreTime.askedAt ? /*#__PURE__*/ _jsxs("form", {
                    method: "post",
                    action: `/s/${moreTime.token}/more-time${query}`,
                    children: [
                        /*#__PURE__*/ _jsx("p", {
                            children: words.say('gone.moreTime')
                        }),
                        /*#__PURE__*/ _jsx("button", {
                            type: "submit",
                            children: words.say('gone.moreTime.button')
                        })
                    ]
                }) : null
            ]
        })
    });
export const unknownPage = (words)=>shortPage(words, words.say('unknown.title'), words.say('unknown.text'));
/** @param back the link's own page, where there is one to go back to */ export const troublePage = (words, detail, back)=>renderPage({
        words,
        title: words.say('trouble.title'),
        children: /*#__PURE__*/ _jsxs(_Fragment, {
            children: [
                /*#__PURE__*/ _jsx("h1", {
                    children: words.say('trouble.title')
                }),
                /*#__PURE__*/ _jsx("p", {
                    children: detail
                }),
                back === undefined ? null : /*#__PURE__*/ _jsx("p", {
                    children: /*#__PURE__*/ _jsx("a", {
                        href: back,
                        children: words.say('page.back')
                    })
                })
            ]
        })
    });
/** For who opened the link that nobody is to open. */ export const hiddenLinkPage = (page, token)=>withWayBack(page, page.words.say('hidden.title'), page.words.say('hidden.text'), token);
/** For who said "I have what I need" after that. */ export const notTakenPage = (page, token)=>withWayBack(page, page.words.say('notTaken.title'), page.words.say('notTaken.text'), token);
const withWayBack = ({ words, query }, title, text, token)=>renderPage({
        words,
        title,
        children: /*#__PURE__*/ _jsxs(_Fragment, {
            children: [
                /*#__PURE__*/ _jsx("h1", {
                    children: title
                }),
                /*#__PURE__*/ _jsx("p", {
                    children: text
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
export const unsubscribePage = ({ words, query }, facts, token)=>renderPage({
        words,
        title: words.say('unsubscribe.title', {
            folder: facts.folder
        }),
        children: /*#__PURE__*/ _jsxs(_Fragment, {
            children: [
                /*#__PURE__*/ _jsx("h1", {
                    children: words.say('unsubscribe.title', {
                        folder: facts.folder
                    })
                }),
                facts.optedOutAt ? /*#__PURE__*/ _jsxs("form", {
                    method: "post",
                    action: `/u/${token}/undo${query}`,
                    children: [
                        /*#__PURE__*/ _jsx("p", {
                            role: "status",
                            children: words.say('unsubscribe.said')
                        }),
                        /*#__PURE__*/ _jsx("button", {
                            type: "submit",
                            class: "plain",
                            children: words.say('unsubscribe.undo')
                        })
                    ]
                }) : /*#__PURE__*/ _jsxs("form", {
                    method: "post",
                    action: `/u/${token}${query}`,
                    children: [
                        /*#__PURE__*/ _jsx("p", {
                            children: words.say('unsubscribe.text')
                        }),
                        /*#__PURE__*/ _jsx("button", {
                            type: "submit",
                            children: words.say('unsubscribe.button')
                        })
                    ]
                })
            ]
        })
    });

//# sourceMappingURL=small-pages.js.map
