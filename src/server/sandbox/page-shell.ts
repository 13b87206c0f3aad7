/**
 * The sandbox's page as it is first sent: heading, list, fault switches. Knows nothing of HTTP.
 */
import { FAULTS, type Faults, type FaultName } from '#server/sandbox/faults.ts';
import { html, Markup } from '#server/sandbox/markup.ts';

const WORDS: Readonly<Record<FaultName, readonly [title: string, about: string]>> = {
  slow: ['Slow', 'Takes the run, answers late.'],
  drop: ['Answer lost', 'Takes the run, then cuts the connection.'],
  '429': ['Too many requests', '429 with Retry-After; takes nothing.'],
  '500': ['Server error', '500; takes nothing.'],
  '401': ['Key refused', '401, whatever the key.'],
  offline: ['Offline', 'Cuts every connection.'],
};

export function pageMarkup(list: string, tag: string, faults: Faults): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>TofuPilot sandbox</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/sandbox/sandbox.css" />
        <script src="/sandbox/sandbox-page.js" defer></script>
      </head>
      <body>
        <header>
          <h1>TofuPilot sandbox</h1>
          <p>Stands in for TofuPilot on this machine; nothing here outlives the server.</p>
          <p id="trouble" role="status"></p>
          <button id="clear">Clear the list</button>
        </header>
        <main>
          <section class="card" id="list" data-tag="${tag}" aria-label="What arrived">${new Markup(list)}</section>
          <section class="card" aria-label="Faults">
            <div class="head"><h2>Make trouble</h2></div>
            ${FAULTS.map((name) => faultRow(name, faults))}
          </section>
        </main>
      </body>
    </html>`.text;
}

function faultRow(name: FaultName, faults: Faults): Markup {
  const [title, about] = WORDS[name];
  const { on, seconds } = faults.state[name];
  return html`<div class="fault ${on ? 'on' : ''}" data-fault="${name}">
    <b id="fault-${name}">${title}</b>
    <button id="switch-${name}" aria-labelledby="switch-${name} fault-${name}">
      ${on ? 'Switch off' : 'Switch on'}
    </button>
    <p class="about">${about}</p>
    <div class="numbers">
      <label>next <input name="count" type="number" min="1" max="1000000" placeholder="all" /> requests</label>
      ${seconds > 0 ? html`<label><input name="seconds" type="number" min="0" max="600" value="${seconds}" /> s</label>` : ''}
    </div>
    <p class="now"></p>
  </div>`;
}
