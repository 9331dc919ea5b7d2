/** The page's style, light and dark. */
export const style = `
:root {
  color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif;
  --line: color-mix(in srgb, CanvasText 18%, transparent); --soft: color-mix(in srgb, CanvasText 5%, transparent);
  --quiet: color-mix(in srgb, CanvasText 68%, transparent); --accent: light-dark(#0b57d0, #8ab4ff);
  --good: light-dark(#0a6b2e, #6fdc93); --bad: light-dark(#a11212, #ff9d9d); --mixed: light-dark(#8a5200, #ffc36b)
}
*, ::before, ::after { box-sizing: border-box }
html { background: Canvas; color: CanvasText }
body { margin: 0 auto; max-width: 84rem; padding: 1.25rem 1.25rem 4rem; overflow-wrap: anywhere }
h1 { font-size: 1.4rem; margin: 0 0 .8rem } h2 { font-size: 1.05rem; margin: 1.8rem 0 .6rem }
code, textarea { font-family: ui-monospace, monospace; font-size: .92em }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .6rem 1.4rem; margin: 0; padding: .8rem 1rem; background: var(--soft); border: 1px solid var(--line); border-radius: .5rem }
.facts div { min-width: 0 } dt { font-size: .8rem; color: var(--quiet) } dd { margin: 0 }
#message { min-height: 1.45em; margin: .5rem 0 -1rem; font-weight: 600; color: var(--good) } #message.bad { color: var(--bad) }
.scroll { max-height: 25rem; overflow: auto; border: 1px solid var(--line); border-radius: .5rem }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .93rem }
th, td { text-align: left; padding: .35rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top }
tbody tr:last-child td { border-bottom: 0 }
thead th { position: sticky; top: 0; background: Canvas; font-size: .8rem; color: var(--quiet); white-space: nowrap }
td { white-space: nowrap } .wide { white-space: normal; min-width: 10rem }
.number { text-align: right } .empty { color: var(--quiet); white-space: normal }
.good, .bad, .mixed { font-weight: 600 } .good { color: var(--good) } .bad { color: var(--bad) } .mixed { color: var(--mixed) }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr)); gap: .9rem }
.cards form { display: flex; flex-direction: column; gap: .6rem; padding: .9rem 1rem; border: 1px solid var(--line); border-radius: .5rem }
.cards button { margin-top: auto; align-self: start }
h3 { font-size: .95rem; margin: 0 } .scroll + h3 { margin: 1.1rem 0 .4rem } .cards p { margin: 0; font-size: .87rem }
label { display: flex; flex-direction: column; gap: .2rem; font-size: .87rem; min-width: 0 }
input, select, button, textarea { font: inherit; padding: .35rem .6rem; max-width: 100%; border: 1px solid color-mix(in srgb, currentColor 45%, transparent); border-radius: .35rem; background: Canvas; color: inherit }
textarea { font-family: ui-monospace, monospace; resize: vertical; width: 100% } label > input, label > select { width: 100% }
button { cursor: pointer; white-space: nowrap; background: var(--soft); font-weight: 600 } button:hover { border-color: var(--accent); color: var(--accent) }
#people { display: flex; gap: .6rem; align-items: end; margin: 0 0 .8rem } #people label { width: 12rem }
.photos { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); gap: .9rem }
@media (max-width: 40rem) { .photos { grid-template-columns: 1fr 1fr } }
figure { margin: 0 } img { display: block; width: 100%; height: auto; aspect-ratio: 480 / 302; border: 1px solid var(--line); border-radius: .35rem } figcaption { font-size: .82rem; color: var(--quiet); margin-top: .25rem }
[hidden] { display: none }
.tools { display: flex; flex-wrap: wrap; gap: .6rem; align-items: end; margin: 0 0 .6rem } .tools label { flex: 0 1 15rem } .tools p { margin: 0 0 .4rem; color: var(--quiet) }
.facts button, td button { padding: .1rem .5rem; font-size: .82rem; min-height: 24px; min-width: 24px } .facts button { margin: .3rem .3rem 0 0 }
dialog { width: min(72rem, calc(100vw - 1rem)); max-width: none; max-height: calc(100vh - 2rem); padding: 1rem 1.2rem 1.4rem; border: 1px solid var(--line); border-radius: .5rem; background: Canvas; color: CanvasText }
dialog::backdrop { background: rgb(0 0 0 / .5) } dialog label { margin-top: .8rem } dialog header { display: flex; gap: 1rem; align-items: start; justify-content: space-between } dialog h2 { margin: 0 } dialog h3 { margin: 1.1rem 0 .4rem }
pre { margin: 0; padding: .6rem .8rem; max-height: 20rem; overflow: auto; white-space: pre-wrap; background: var(--soft); border: 1px solid var(--line); border-radius: .35rem; font: .85rem/1.45 ui-monospace, monospace }
.beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: .9rem } .beside + .beside { margin-top: .9rem } .beside h4 { margin: 0 0 .3rem; font-size: .85rem; color: var(--quiet) } .beside > div { min-width: 0 }
pre + button, .tree + button { margin-top: .6rem }
mark { background: light-dark(#ffd7d7, #7a1f1f); color: inherit; outline: 2px solid var(--bad) }
.tree { font: .85rem/1.6 ui-monospace, monospace } .tree details, .tree div { margin-left: 1rem } .tree summary { cursor: pointer } .tree b { font-weight: 600; color: var(--accent) }
`
