/**
 * The phases of a run in a report: each attempt with what was measured, its limits, and why it failed.
 *
 * Above: report-run.ts. Judges nothing: outcomes are the record's.
 */
import type { MeasurementRecord, PhaseRecord, RunRecord } from '#record/run-record.ts';
import { reasonOfCurve } from '#ui/parts/first-reason.ts';
import { limitText, valueText } from '#ui/parts/limit.ts';
import { formatDuration } from '#ui/parts/moment.ts';
import { formatQuantity } from '#ui/parts/quantity.ts';
import { html, type Html } from '#ui/report/html.ts';
import { curveFigure, scalePicture } from '#ui/report/report-pictures.ts';

/** A phase with no more than this stays together on one page. */
const SHORT_ROWS = 12;

export function phasesHtml({ phases }: RunRecord): Html {
  if (phases.length === 0) return html`<p>No phase was begun.</p>`;
  return html`${phases.map(phaseHtml)}`;
}

function phaseHtml(phase: PhaseRecord): Html {
  const { name, retry_count: attempt, outcome, reason, measurements, files = [] } = phase;
  const hasCurve = measurements.some(({ y_axis }) => y_axis);
  const short = measurements.length <= SHORT_ROWS && !hasCurve ? ' short' : '';
  const told = [
    attempt > 0 && `attempt ${attempt + 1}`,
    outcome === null ? 'not ended' : outcome,
    phase.timed_out && 'out of time',
    phase.ended_ms !== null && outcome !== 'SKIP' && formatDuration(phase.ended_ms - phase.started_ms),
  ];
  return html`<section class="phase${short}">
    <h3>
      ${name || phase.key}
      <span class="${(outcome ?? 'error').toLowerCase()}">${told.filter(Boolean).join(' · ')}</span>
    </h3>
    ${reason && outcome !== 'PASS' && html`<p>${reason}</p>`}${measurements.length > 0 && tableOf(name, measurements)}${measurements.flatMap(
      ({ x_axis, y_axis = [] }) => y_axis.map((axis) => curveFigure(x_axis, axis)),
    )}${files.length > 0 && html`<p class="soft">Files: ${files.map((file) => file.name).join(', ')}</p>`}
  </section>`;
}

function tableOf(name: string, measurements: readonly MeasurementRecord[]): Html {
  return html`<table aria-label="Measurements of ${name}">
    <thead>
      <tr>
        <th scope="col">Measurement</th>
        <th scope="col">Value</th>
        <th scope="col">Limits</th>
        <th scope="col" class="scale">On its limits</th>
        <th scope="col">Outcome</th>
      </tr>
    </thead>
    <tbody>
      ${measurements.flatMap((one) => [rowOf(one), ...aggregationRows(one)])}
    </tbody>
  </table>`;
}

function rowOf(measurement: MeasurementRecord): Html {
  const { name, key, outcome, marginal } = measurement;
  const why = outcome === 'FAIL' ? reasonOfCurve(measurement) : undefined;
  return html`<tr>
    <th scope="row">${name || key}</th>
    <td class="value">${valueText(measurement)}</td>
    <td>${limitText(measurement)}${why && html`<br />${why}`}</td>
    <td class="scale">${scalePicture(measurement)}</td>
    <td class="${outcome.toLowerCase()}">
      ${outcome === 'UNSET' ? 'not judged' : outcome}${marginal && ', close to its limit'}
    </td>
  </tr>`;
}

function aggregationRows({ name, aggregations = [], y_axis = [] }: MeasurementRecord): Html[] {
  const all = [
    ...aggregations.map((one) => ({ of: name, one })),
    ...y_axis.flatMap((axis) => axis.aggregations.map((one) => ({ of: axis.name, one }))),
  ];
  return all.map(({ of, one }) => {
    const value = typeof one.value === 'number' ? formatQuantity(one.value, { unit: one.units }) : one.value;
    return html`<tr>
      <th scope="row">${of}, ${one.type.replaceAll('_', ' ')}</th>
      <td class="value">${value === null ? 'no value' : String(value)}</td>
      <td>${limitText(one)}${one.reason && html`<br />${one.reason}`}</td>
      <td class="scale"></td>
      <td class="${one.outcome.toLowerCase()}">${one.outcome === 'UNSET' ? 'not judged' : one.outcome}</td>
    </tr>`;
  });
}
