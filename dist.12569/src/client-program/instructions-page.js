// How to get the Data Mover and use it, for each system. No script, no third party.
import { jsx as _jsx, jsxs as _jsxs, Fragment as _Fragment } from "preact/jsx-runtime";
import { PROGRAM_NAME, renderPage } from '../views/index.js';
const systems = (words, server)=>[
        {
            name: words.say('program.windows'),
            node: 'winget install OpenJS.NodeJS.LTS',
            fetch: `curl.exe -fLO ${server}/data-mover/${PROGRAM_NAME}`,
            checksum: `certutil -hashfile ${PROGRAM_NAME} SHA256`,
            atStart: words.say('program.atStart.windows')
        },
        {
            name: 'macOS',
            node: 'brew install node',
            fetch: `curl -fLO ${server}/data-mover/${PROGRAM_NAME}`,
            checksum: `shasum -a 256 ${PROGRAM_NAME}`,
            atStart: words.say('program.atStart.macOS')
        },
        {
            name: 'Linux',
            node: `sudo apt install nodejs   # ${words.say('program.olderNode')}`,
            fetch: `curl -fLO ${server}/data-mover/${PROGRAM_NAME}`,
            checksum: `sha256sum ${PROGRAM_NAME}`,
            atStart: words.say('program.atStart.linux')
        }
    ];
const Instructions = ({ words, system })=>/*#__PURE__*/ _jsxs("section", {
        children: [
            /*#__PURE__*/ _jsx("h2", {
                children: system.name
            }),
            /*#__PURE__*/ _jsx("p", {
                children: words.say('program.node')
            }),
            /*#__PURE__*/ _jsx("pre", {
                children: system.node
            }),
            /*#__PURE__*/ _jsx("p", {
                children: words.say('program.fetch')
            }),
            /*#__PURE__*/ _jsx("pre", {
                children: `${system.fetch}\n${system.checksum}`
            }),
            /*#__PURE__*/ _jsx("p", {
                children: words.say('program.atInstrument')
            }),
            /*#__PURE__*/ _jsx("pre", {
                children: [
                    `node ${PROGRAM_NAME} check --settings settings.xml`,
                    `node ${PROGRAM_NAME} upload --settings settings.xml --to ada@example.org FOLDER`,
                    `node ${PROGRAM_NAME} watch --settings settings.xml FOLDER-OF-FOLDERS`
                ].join('\n')
            }),
            /*#__PURE__*/ _jsx("p", {
                children: system.atStart
            })
        ]
    });
export const instructionsPage = ({ words, server, bytes, sha256 })=>renderPage({
        words,
        title: 'Data Mover',
        children: /*#__PURE__*/ _jsxs(_Fragment, {
            children: [
                /*#__PURE__*/ _jsx("h1", {
                    children: "Data Mover"
                }),
                /*#__PURE__*/ _jsx("p", {
                    children: words.say('program.intro')
                }),
                sha256 === undefined || bytes === undefined ? /*#__PURE__*/ _jsx("p", {
                    class: "problem",
                    children: words.say('program.absent')
                }) : /*#__PURE__*/ _jsxs("section", {
                    children: [
                        /*#__PURE__*/ _jsx("p", {
                            children: /*#__PURE__*/ _jsxs("a", {
                                class: "button",
                                href: `/data-mover/${PROGRAM_NAME}`,
                                download: PROGRAM_NAME,
                                children: [
                                    PROGRAM_NAME,
                                    ", ",
                                    words.bytes(bytes)
                                ]
                            })
                        }),
                        /*#__PURE__*/ _jsx("p", {
                            children: "SHA-256:"
                        }),
                        /*#__PURE__*/ _jsx("pre", {
                            children: sha256
                        })
                    ]
                }),
                /*#__PURE__*/ _jsxs("section", {
                    children: [
                        /*#__PURE__*/ _jsx("h2", {
                            children: words.say('program.toFetch')
                        }),
                        /*#__PURE__*/ _jsx("p", {
                            children: words.say('program.toFetch.text')
                        }),
                        /*#__PURE__*/ _jsx("pre", {
                            children: `node ${PROGRAM_NAME} download LINK FOLDER\nnode ${PROGRAM_NAME} verify FOLDER`
                        })
                    ]
                }),
                systems(words, server).map((system)=>/*#__PURE__*/ _jsx(Instructions, {
                        words: words,
                        system: system
                    }, system.name))
            ]
        })
    });

//# sourceMappingURL=instructions-page.js.map
