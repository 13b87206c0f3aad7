/** How a report looks, on a screen and on paper. One text of CSS; nothing in it comes from a run. */
export const REPORT_STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { max-width: 60rem; margin: 0 auto; padding: 1.5rem; font: 1rem/1.45 system-ui, 'Segoe UI', sans-serif; color: #16181d; background: #fff; }
h1, h2, h3, p { margin: 0; overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; }
h2 { margin: 1.75rem 0 .5rem; font-size: 1.25rem; border-bottom: 2px solid #16181d; }
h3 { margin: 1rem 0 .25rem; font-size: 1rem; }
.soft { color: #4a5160; }
.mono { font-family: ui-monospace, 'Cascadia Mono', Consolas, monospace; }
.verdict { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1.25rem; align-items: center; margin: 1rem 0; padding: .75rem 1rem; border: 3px solid currentColor; break-inside: avoid; }
.verdict strong { font-size: 2.25rem; line-height: 1.1; }
.verdict span { color: #16181d; font-weight: 600; overflow-wrap: anywhere; }
.pass { color: #14522f; }
.fail { color: #96201c; }
.error, .timeout { color: #6b4300; }
.aborted, .skip { color: #4a5160; }
table { width: 100%; border-collapse: collapse; font-size: .875rem; }
th, td { padding: .25rem .5rem; border-bottom: 1px solid #c9cdd6; text-align: start; vertical-align: top; overflow-wrap: anywhere; }
thead th { border-bottom: 2px solid #6a7180; }
tbody th { font-weight: 400; }
.facts th { width: 11rem; color: #4a5160; }
.value { white-space: nowrap; font-weight: 600; }
td.fail { font-weight: 700; }
.scale { width: 7rem; }
svg { display: block; width: 100%; }
.scale svg { height: 1rem; }
.curve svg { height: 9rem; background: #f2f4f7; }
.track { fill: #e4e7ec; }
.span, .band { fill: #b5dcc3; }
.limit { stroke: #4a5160; }
.mark { fill: #16181d; }
.mark.out { fill: #96201c; }
.line { fill: none; stroke: #16181d; stroke-width: 1.5; vector-effect: non-scaling-stroke; }
.miss { fill: none; stroke: #96201c; stroke-width: 3; vector-effect: non-scaling-stroke; }
figure { margin: .5rem 0; break-inside: avoid; }
figcaption { font-size: .8125rem; color: #4a5160; }
img { max-width: 100%; max-height: 18rem; border: 1px solid #c9cdd6; }
.log td { font-size: .8125rem; }
.log td:nth-child(-n + 2) { white-space: nowrap; }
footer { margin-top: 2rem; padding-top: .5rem; border-top: 1px solid #c9cdd6; font-size: .8125rem; color: #4a5160; }
section.run + section.run { margin-top: 2.5rem; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2, h3, thead { break-after: avoid; }
  tr, .phase > h3 + p { break-inside: avoid; }
  .phase.short { break-inside: avoid; }
  section.run + section.run { break-before: page; }
  * { print-color-adjust: exact; }
}
`;
