/**
 * The sandbox's page: draws anew what the server has drawn when something changed, and turns the fault switches.
 *
 * A plain script, served as it stands here. The markup of the list comes from this server with everything from outside
 * escaped (list-markup.ts); the Trusted Types policy below lets in nothing else.
 */
const POLL_MS = 1000;

const list = document.getElementById('list');
const trouble = document.getElementById('trouble');
const markup = globalThis.trustedTypes?.createPolicy('sandbox', { createHTML: (text) => text }) ?? {
  createHTML: (text) => text,
};
let drawn = list.dataset.tag;

async function refresh() {
  try {
    const [runs, faults] = await Promise.all([
      fetch('/sandbox/list', { cache: 'no-cache' }),
      fetch('/sandbox/faults', { cache: 'no-store' }),
    ]);
    if (!runs.ok || !faults.ok) throw new Error(`status ${runs.status}`);
    if (runs.headers.get('etag') !== drawn) draw(await runs.text(), runs.headers.get('etag'));
    showFaults(await faults.json());
    trouble.textContent = '';
  } catch {
    trouble.textContent = 'The server does not answer; this page shows what it saw last.';
  }
}

function draw(text, tag) {
  const open = [...list.querySelectorAll('details[open]')].map(({ id }) => id);
  const focused = document.activeElement?.closest('details')?.id;
  list.innerHTML = markup.createHTML(text);
  for (const id of open) document.getElementById(id)?.setAttribute('open', '');
  if (focused) document.getElementById(focused)?.querySelector('summary')?.focus();
  drawn = tag;
}

function showFaults(faults) {
  for (const row of document.querySelectorAll('.fault')) {
    const { on, left, struck } = faults[row.dataset.fault];
    row.classList.toggle('on', on);
    const button = row.querySelector('button');
    button.textContent = on ? 'Switch off' : 'Switch on';
    const times = struck === 0 ? '' : `struck ${struck} ${struck === 1 ? 'time' : 'times'}`;
    const until = !on ? '' : left === null ? 'on until switched off' : `on for the next ${left}`;
    row.querySelector('.now').textContent = [until, times].filter(Boolean).join(' · ');
  }
}

async function post(path, body) {
  await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => undefined);
  await refresh();
}

for (const row of document.querySelectorAll('.fault'))
  row.querySelector('button').addEventListener('click', () => {
    const number = (name) => row.querySelector(`[name=${name}]`)?.valueAsNumber;
    const on = !row.classList.contains('on');
    const [seconds, count] = [number('seconds'), number('count')];
    void post('/sandbox/faults', {
      fault: row.dataset.fault,
      on,
      ...(Number.isFinite(seconds) ? { seconds } : {}),
      ...(Number.isFinite(count) ? { count } : {}),
    });
  });
document.getElementById('clear').addEventListener('click', () => void post('/sandbox/clear', {}));

async function keepFresh() {
  if (!document.hidden) await refresh();
  setTimeout(keepFresh, POLL_MS);
}
document.addEventListener('visibilitychange', () => void (document.hidden || refresh()));
void keepFresh();
