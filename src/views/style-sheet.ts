// How every page looks: light and dark, narrow screens, forced colours, paper.

export const STYLE_SHEET = `
:root { color-scheme: light dark; --text: #1b1b1b; --quiet: #55595f; --ground: #ffffff; --soft: #f2f3f5; --line: #8b9099; --rule: #d7d9dd; --accent: #0b57a4; --on-accent: #ffffff; --warn: #b3261e; --good: #1c6b34 }
@media (prefers-color-scheme: dark) { :root { --text: #ececec; --quiet: #b4b9c1; --ground: #17191c; --soft: #24272b; --line: #7d838c; --rule: #3a3e45; --accent: #8ec5ff; --on-accent: #10243a; --warn: #ff8a80; --good: #7fd496 } }
* { box-sizing: border-box }
body { margin: 0; font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; color: var(--text); background: var(--ground) }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 3rem }
h1 { font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere }
h2 { font-size: 1.15rem; margin: 0 0 .5rem } h3 { font-size: 1rem; margin: 1rem 0 .3rem }
p { margin: .5rem 0 }
section { border: 1px solid var(--rule); border-radius: .5rem; padding: 1rem; margin: 1rem 0 }
section > :first-child { margin-top: 0 } section > :last-child { margin-bottom: 0 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem }
dt { font-weight: 600 } dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap }
pre { background: var(--soft); padding: .6rem .8rem; border-radius: .3rem; white-space: pre-wrap; overflow-wrap: anywhere; font: .9rem/1.45 ui-monospace, Consolas, monospace; margin: .4rem 0 .8rem }
table { border-collapse: collapse; width: 100% } caption { text-align: left; color: var(--quiet) }
td, th { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--rule); overflow-wrap: anywhere; vertical-align: top } th { font-weight: 600 }
td.number, th.number { text-align: right; white-space: nowrap; overflow-wrap: normal; padding-right: 0; padding-left: .6rem; font-variant-numeric: tabular-nums }
button, .button { display: inline-block; font: inherit; font-weight: 600; padding: .6rem 1.1rem; border: 1px solid var(--accent); border-radius: .4rem; background: var(--accent); color: var(--on-accent); cursor: pointer; text-decoration: none; text-align: center }
button.plain { background: transparent; color: var(--accent) }
button:hover, .button:hover { text-decoration: underline }
a { color: var(--accent) } :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
label { display: block; font-weight: 600; margin: .8rem 0 .2rem } input { font: inherit; width: 100%; padding: .5rem; border: 1px solid var(--line); border-radius: .3rem; background: var(--ground); color: var(--text) }
fieldset { border: 1px solid var(--rule); border-radius: .5rem; margin: 1rem 0; padding: .5rem 1rem } legend { font-weight: 600; padding: 0 .3rem }
.choice { display: flex; gap: .6rem; align-items: baseline } .choice input { width: auto; flex: none } .choice label { font-weight: 400; margin: 0; overflow-wrap: anywhere }
summary { cursor: pointer; font-weight: 600; padding: .2rem 0 } details { margin: .5rem 0 }
.state { margin: .5rem 0 1rem; border-left: .3rem solid var(--accent); padding-left: .8rem } .state.good { border-color: var(--good) } .state form { margin-top: .5rem }
.problem, .state.bad { border-left: .3rem solid var(--warn); padding-left: .8rem }
.left { color: var(--quiet); display: block; font-variant-numeric: tabular-nums }
.quiet { color: var(--quiet) } .trail { overflow-wrap: anywhere } .trail ol { display: flex; flex-wrap: wrap; gap: 0 .4rem; list-style: none; margin: .5rem 0; padding: 0 } .trail li + li::before { content: "/"; margin-right: .4rem; color: var(--quiet) }
footer { max-width: 46rem; margin: 0 auto; padding: 0 1rem 2rem } footer ul { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; margin: 0; padding: 0; list-style: none }
.trap { position: absolute; left: -9999px }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: .6rem } button, .button { width: 100% } section { padding: .8rem } }
@media print {
  :root { color-scheme: light; --text: #000000; --quiet: #000000; --ground: #ffffff; --soft: #ffffff; --rule: #999999; --accent: #000000 }
  button, .button, form, footer, .screen { display: none } main { padding: 0; max-width: none } section { border: 0; border-top: 1px solid var(--rule); border-radius: 0; padding: .6rem 0; break-inside: avoid } pre { border: 1px solid var(--rule) }
}
`;
