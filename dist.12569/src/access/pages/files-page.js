// The files behind a link, folder by folder and page by page, with what each folder holds.
import { jsx as _jsx, jsxs as _jsxs, Fragment as _Fragment } from "preact/jsx-runtime";
import { renderPage } from '../../views/index.js';
const filesAddress = (token, query, parameters)=>{
    const all = new URLSearchParams({
        ...parameters,
        ...Object.fromEntries(new URLSearchParams(query))
    }).toString();
    return `/s/${token}/files${all === '' ? '' : `?${all}`}`;
};
const nameOf = (path)=>path.slice(path.lastIndexOf('/') + 1);
const holds = (words, { files, bytes })=>words.say('data.sizeValue', {
        size: words.bytes(bytes),
        files: words.files(files)
    });
export const Listing = ({ words, query, token, tree })=>{
    const { folder, folders, files, next } = tree;
    if (folders.length + files.length === 0) return /*#__PURE__*/ _jsx("p", {
        children: words.say('files.empty')
    });
    return /*#__PURE__*/ _jsxs(_Fragment, {
        children: [
            /*#__PURE__*/ _jsxs("table", {
                children: [
                    /*#__PURE__*/ _jsx("caption", {
                        children: holds(words, folder)
                    }),
                    /*#__PURE__*/ _jsx("thead", {
                        children: /*#__PURE__*/ _jsxs("tr", {
                            children: [
                                /*#__PURE__*/ _jsx("th", {
                                    scope: "col",
                                    children: words.say('files.name')
                                }),
                                folders.length > 0 ? /*#__PURE__*/ _jsx("th", {
                                    scope: "col",
                                    class: "number",
                                    children: words.say('files.count')
                                }) : null,
                                /*#__PURE__*/ _jsx("th", {
                                    scope: "col",
                                    class: "number",
                                    children: words.say('data.size')
                                })
                            ]
                        })
                    }),
                    /*#__PURE__*/ _jsxs("tbody", {
                        children: [
                            folders.map((one)=>/*#__PURE__*/ _jsxs("tr", {
                                    children: [
                                        /*#__PURE__*/ _jsx("td", {
                                            children: /*#__PURE__*/ _jsxs("a", {
                                                href: filesAddress(token, query, {
                                                    path: one.path
                                                }),
                                                children: [
                                                    nameOf(one.path),
                                                    "/"
                                                ]
                                            })
                                        }),
                                        /*#__PURE__*/ _jsx("td", {
                                            class: "number",
                                            children: words.files(one.files)
                                        }),
                                        /*#__PURE__*/ _jsx("td", {
                                            class: "number",
                                            children: words.bytes(one.bytes)
                                        })
                                    ]
                                }, one.number)),
                            files.map((file)=>/*#__PURE__*/ _jsxs("tr", {
                                    children: [
                                        /*#__PURE__*/ _jsx("td", {
                                            children: nameOf(file.path)
                                        }),
                                        folders.length > 0 ? /*#__PURE__*/ _jsx("td", {
                                            class: "number"
                                        }) : null,
                                        /*#__PURE__*/ _jsx("td", {
                                            class: "number",
                                            children: words.bytes(file.size)
                                        })
                                    ]
                                }, file.line))
                        ]
                    })
                ]
            }),
            next === null ? null : /*#__PURE__*/ _jsx("p", {
                class: "screen",
                children: /*#__PURE__*/ _jsx("a", {
                    rel: "next",
                    href: filesAddress(token, query, {
                        ...pathOf(folder.path),
                        after: next
                    }),
                    children: words.say('files.more')
                })
            })
        ]
    });
};
const pathOf = (path)=>path === '' ? {} : {
        path
    };
export const filesPage = (page)=>{
    const { words, query, token, tree, facts, after } = page;
    const { path } = tree.folder;
    const title = words.say('files.title', {
        folder: path === '' ? facts.folder : `${facts.folder}/${path}`
    });
    return renderPage({
        words,
        title,
        parameters: {
            ...pathOf(path),
            ...after === undefined ? {} : {
                after
            }
        },
        children: /*#__PURE__*/ _jsxs(_Fragment, {
            children: [
                /*#__PURE__*/ _jsx("h1", {
                    children: title
                }),
                /*#__PURE__*/ _jsx(Trail, {
                    page: page
                }),
                after === undefined ? null : /*#__PURE__*/ _jsx("p", {
                    children: /*#__PURE__*/ _jsx("a", {
                        href: filesAddress(token, query, pathOf(path)),
                        children: words.say('files.first')
                    })
                }),
                /*#__PURE__*/ _jsx(Listing, {
                    words: words,
                    query: query,
                    token: token,
                    tree: tree
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
};
/** The folders above, each a link. */ const Trail = ({ page: { words, query, token, tree, facts } })=>{
    const names = tree.folder.path === '' ? [] : tree.folder.path.split('/');
    const steps = [
        facts.folder,
        ...names
    ].map((name, depth)=>({
            name,
            path: names.slice(0, depth).join('/')
        }));
    return /*#__PURE__*/ _jsx("nav", {
        class: "trail",
        "aria-label": words.say('files.trail'),
        children: /*#__PURE__*/ _jsx("ol", {
            children: steps.map(({ name, path }, depth)=>/*#__PURE__*/ _jsx("li", {
                    children: depth === steps.length - 1 ? /*#__PURE__*/ _jsx("span", {
                        "aria-current": "page",
                        children: name
                    }) : /*#__PURE__*/ _jsx("a", {
                        href: filesAddress(token, query, pathOf(path)),
                        children: name
                    })
                }, path))
        })
    });
};

//# sourceMappingURL=files-page.js.map
