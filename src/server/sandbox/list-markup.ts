/**
 * The list of what arrived, as HTML: the newest in full, older ones by serial number and outcome.
 *
 * Drawn here and not in the page, so that it can be read without a script too. Knows nothing of HTTP.
 */
import { arrivedRun, countDoubled, type ArrivedMeasurement, type ArrivedRun } from '#server/sandbox/arrived.ts';
import { html, Markup } from '#server/sandbox/markup.ts';
import type { Runs } from '#server/sandbox/runs.ts';

/** What fits a screen many times over and is drawn in a few milliseconds. */
const IN_FULL = 100;

const CHECK = 'M4 10.5 8.2 15 16 5.5';
const CROSS = 'M5 5l10 10M15 5 5 15';
const BANG = 'M10 4v7.5M10 15.6v.2';
const SHAPES: Readonly<Record<string, string>> = { PASS: CHECK, FAIL: CROSS };

export function listMarkup(runs: Runs): string {
  const all = runs.all();
  const head = html`<div class="head">
    <h2>Arrived</h2>
    ${counts(runs)}
  </div>`;
  if (all.length === 0)
    return html`${head}
      <div class="empty">
        <b>Nothing has arrived yet</b>Scan SN-000123 at the station; its run appears here by itself.
      </div>`.text;
  const older = all.slice(IN_FULL);
  return html`${head}${all.slice(0, IN_FULL).map((run) => row(arrivedRun(run)))}${
    older.length === 0
      ? ''
      : html`<ul class="older">
          ${older.map(({ body }) => html`<li><span class="${body.outcome}">${body.outcome}</span> ${body.serial_number}</li>`)}
        </ul>`
  }`.text;
}

function counts(runs: Runs): Markup {
  const doubled = countDoubled(runs);
  const number = runs.all().length;
  const dropped = runs.arrived > number ? `, ${runs.arrived} since the start` : '';
  const twice = doubled === 0 ? html`none twice` : html`<span class="doubled">${doubled} twice</span>`;
  return html`<p class="counts">${number} ${number === 1 ? 'run' : 'runs'}${dropped} · ${twice}</p>`;
}

function row(run: ArrivedRun): Markup {
  return html`<details class="run" id="run-${run.id}">
    <summary>
      ${outcomeMark(run.outcome, run.outcome)}
      <span class="serial">${run.serial_number}</span>
      <span class="quiet">${headline(run)}</span>
      <time class="when" datetime="${run.arrived_at}">${clockOf(run.arrived_at)}</time>
    </summary>
    <div class="measured">
      <table>
        ${run.measurements.map(measurementRow)}
      </table>
      <p class="ids">
        ${run.procedure} · ${run.station} · started ${run.started_at} · run
        ${run.client_run_id || 'without client_run_id'}
      </p>
    </div>
  </details>`;
}

function headline({ measurements }: ArrivedRun): string {
  const bad = measurements.find(({ outcome }) => outcome === 'FAIL');
  if (bad) return `${bad.name} ${valueText(bad)}${bad.limits && `, limits ${bad.limits}`}`;
  if (measurements.length === 0) return 'nothing measured';
  return measurements.length === 1 ? '1 measurement' : `${measurements.length} measurements`;
}

function measurementRow(measurement: ArrivedMeasurement): Markup {
  const { phase, name, outcome, limits } = measurement;
  return html`<tr class="${outcome === 'FAIL' ? 'bad' : ''}">
    <td class="mark">${outcome === 'UNSET' ? '' : outcomeMark(outcome, '')}</td>
    <th scope="row">${name}</th>
    <td class="value">${valueText(measurement)}</td>
    <td>${limits}</td>
    <td>${phase}</td>
  </tr>`;
}

function valueText({ measured_value: value, units }: ArrivedMeasurement): string {
  const text = value === null ? 'no value' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return value === null || units === '' ? text : `${text}\u202f${units}`;
}

function outcomeMark(outcome: string, word: string): Markup {
  return html`<span class="outcome ${outcome}"
    ><svg viewBox="0 0 20 20" role="img" ${word ? html`aria-hidden="true"` : html`aria-label="${outcome}"`}>
      <path d="${SHAPES[outcome] ?? BANG}" /></svg
    >${word}</span
  >`;
}

/** The server's own day and hour; the whole time is in the element's `datetime`. */
function clockOf(time: string): string {
  return new Date(time).toLocaleTimeString('en-GB');
}
