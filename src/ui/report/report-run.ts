/**
 * One run in a report: verdict and reason, who and with what, phases, instruments, pictures, and the log.
 *
 * Above: write-report.ts. Knows nothing of documents.
 */
import type { InstrumentRecord } from '#record/instrument.ts';
import type { LogRecord, RunRecord } from '#record/run-record.ts';
import type { RunRow } from '#record/run-row.ts';
import { firstReason } from '#ui/parts/first-reason.ts';
import { formatDuration, formatExact } from '#ui/parts/moment.ts';
import { formatSize } from '#ui/parts/size.ts';
import { uploadWord } from '#ui/parts/words.ts';
import { html, type Html } from '#ui/report/html.ts';
import { imageOf } from '#ui/report/report-images.ts';
import { phasesHtml } from '#ui/report/report-phases.ts';
import type { ReportFile, ReportRun } from '#ui/report/report-source.ts';

export function runHtml({ row, record, files }: ReportRun): Html {
  const reason = firstReason(record);
  const outcome = record.outcome ?? 'not ended';
  return html`<section class="run">
    <h2>${formatExact(record.started_at)} · run ${record.seq}</h2>
    <p class="verdict ${outcome.toLowerCase()}">
      <strong>${outcome}</strong
      ><span>${reason?.sentence}${reason?.place && html`<br /><span class="soft">${reason.place}</span>`}</span>
    </p>
    ${factsTable(row, record)}
    <h2>Phases</h2>
    ${phasesHtml(record)}${
      record.instruments && record.instruments.length > 0 && instrumentsTable(record.instruments)
    }${filesHtml(record, files)}${record.logs.length > 0 && logTable(record.logs)}
  </section>`;
}

function factsTable(row: RunRow, record: RunRecord): Html {
  const pairs = (values: Readonly<Record<string, unknown>> = {}) =>
    Object.entries(values)
      .map(([key, value]) => `${key} = ${String(value)}`)
      .join(', ');
  const parameters = Object.fromEntries(
    Object.entries(record.parameters).map(([name, { value }]) => [name, [value].flat().join(' … ')]),
  );
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Serial number', record.serial_number],
    [
      'Part number',
      [record.part_number, record.revision_number && `revision ${record.revision_number}`].filter(Boolean).join(', '),
    ],
    ['Batch', record.batch_number],
    ['Sub-units', pairs(record.sub_units)],
    ['Unit metadata', pairs(record.unit_metadata)],
    ['Procedure', [record.procedure.name, record.procedure.version].filter(Boolean).join(' ')],
    ['Release', record.procedure.release + (record.procedure.development ? ' (development)' : '')],
    ['Parameters', pairs(parameters)],
    ['Started', `${formatExact(record.started_at)} (${record.started_at})`],
    ['Took', formatDuration(record.ended_ms ?? 0)],
    ['Station', [record.station_id, record.slot !== '1' && `slot ${record.slot}`].filter(Boolean).join(', ')],
    ['Fixture', record.fixture],
    ['Operator', [record.operator, record.operator_role].filter(Boolean).join(', ')],
    ['Tested again because', record.retest_reason],
    ['Allowed by', record.allowed_by],
    ['Simulated', record.simulated ? 'yes: no real unit was tested' : undefined],
    ['Interrupted', record.interrupted ? 'yes: cut off, closed at the next start' : undefined],
    [
      'Upload',
      row.state === 'DELIVERED' && row.sent_at_ms > 0 ? `Uploaded ${formatExact(row.sent_at_ms)}` : uploadWord(row),
    ],
    ['Run in TofuPilot', row.remote_id],
    ['App and browser', `Fieldbench ${record.app_version}, ${record.browser}`],
    ['Run id', record.id],
  ];
  const rows = facts.filter(([, value]) => value);
  return html`<table class="facts" aria-label="Identity">
    <tbody>
      ${rows.map(
        ([name, value]) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td><bdi>${value}</bdi></td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function instrumentsTable(instruments: readonly InstrumentRecord[]): Html {
  return html`<h2>Instruments</h2>
    <table aria-label="Instruments">
      <thead>
        <tr>
          <th scope="col">Plug</th>
          <th scope="col">Model</th>
          <th scope="col">Serial number</th>
          <th scope="col">Firmware</th>
          <th scope="col">Calibrated until</th>
        </tr>
      </thead>
      <tbody>
        ${instruments.map(
          (one) =>
            html`<tr>
              <th scope="row">${one.plug}</th>
              <td>${one.model}</td>
              <td>${one.serial_number}</td>
              <td>${one.firmware}</td>
              <td class="${one.overdue ? 'fail' : ''}">${one.calibration_due}${one.overdue && ' (was over)'}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

function filesHtml(record: RunRecord, files: readonly ReportFile[]): Html | null {
  const listed = [...record.phases.flatMap(({ files: own = [] }) => own), ...(record.files ?? [])];
  if (listed.length === 0) return null;
  const images = files.flatMap((file) => imageOf(file) ?? []);
  return html`<h2>Files</h2>
    <table aria-label="Files">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Size</th>
          <th scope="col">SHA-256</th>
        </tr>
      </thead>
      <tbody>
        ${listed.map(
          ({ name, size, sha256 }) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td class="value">${formatSize(size)}</td>
              <td class="mono">${sha256}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${images}`;
}

function logTable(logs: readonly LogRecord[]): Html {
  return html`<h2>Log</h2>
    <table class="log mono" aria-label="Log">
      <thead>
        <tr>
          <th scope="col">s</th>
          <th scope="col">Level</th>
          <th scope="col">Message</th>
          <th scope="col">From</th>
        </tr>
      </thead>
      <tbody>
        ${logs.map(
          ({ at_ms, level, message, source_file, line_number }) =>
            html`<tr>
              <td>${(at_ms / 1000).toFixed(3)}</td>
              <td>${level}</td>
              <td>${message}</td>
              <td>${source_file}:${line_number}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}
