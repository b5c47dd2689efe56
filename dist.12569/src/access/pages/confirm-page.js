// Asks before a direct download above the platform's limit. Looking at it starts nothing.
import { jsx as _jsx, jsxs as _jsxs, Fragment as _Fragment } from "preact/jsx-runtime";
import { renderPage } from '../../views/index.js';
export const confirmPage = ({ words, query, facts, how })=>{
    const title = words.say('confirm.title', {
        size: words.bytes(facts.bytes)
    });
    return renderPage({
        words,
        title,
        children: /*#__PURE__*/ _jsxs(_Fragment, {
            children: [
                /*#__PURE__*/ _jsx("h1", {
                    children: title
                }),
                /*#__PURE__*/ _jsx("p", {
                    children: words.say('confirm.text')
                }),
                /*#__PURE__*/ _jsx("form", {
                    method: "post",
                    action: `/s/${how.token}/direct${query}`,
                    children: /*#__PURE__*/ _jsx("p", {
                        children: /*#__PURE__*/ _jsx("button", {
                            type: "submit",
                            class: "plain",
                            children: words.say('confirm.button')
                        })
                    })
                }),
                /*#__PURE__*/ _jsx("p", {
                    children: /*#__PURE__*/ _jsx("a", {
                        class: "button",
                        href: `/s/${how.token}${query}`,
                        children: words.say('page.back')
                    })
                })
            ]
        })
    });
};

//# sourceMappingURL=confirm-page.js.map
