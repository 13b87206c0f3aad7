/**
 * Runs of one unit as a file that a person can read, send and print: one HTML document with everything in it.
 *
 * No script, no address, nothing to be fetched; its own policy forbids both, should anything in it ever ask. Made by the
 * run's page and, for many units, by the bench worker. Pure.
 */
import { html, Html } from '#ui/report/html.ts';
import { pageStyle } from '#ui/report/page-style.ts';
import { REPORT_STYLE } from '#ui/report/report-style.ts';
import { runHtml } from '#ui/report/report-run.ts';
import type { ReportRun } from '#ui/report/report-source.ts';
import { counted } from '#ui/parts/words.ts';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** @param runs of one unit, the newest first; at least one */
export function writeReport(runs: readonly ReportRun[]): string {
  const newest = runs[0]?.record;
  if (!newest) throw new RangeError('A report has at least one run.');
  const { serial_number: serial, outcome, station_id: station } = newest;
  const title = `${serial} · ${outcome ?? 'not ended'}`;
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${Html.style(REPORT_STYLE + pageStyle(newest))}
      </head>
      <body>
        <main>
          <header>
            <p class="soft">Test report · ${newest.procedure.name} · ${station}</p>
            <h1 class="mono"><bdi>${serial}</bdi></h1>
            ${runs.length > 1 && html`<p>${counted(runs.length, 'run')} of this unit, the newest first.</p>`}
          </header>
          ${runs.map(runHtml)}
        </main>
        <footer>
          Made by Fieldbench ${newest.app_version} from the station’s own record. Outcomes are those of the run; nothing
          was judged again.
        </footer>
      </body>
    </html> `;
  return document.text;
}
