/**
 * What stands at the edges of each printed page: which unit, its verdict, station and time, and which page of how many.
 *
 * As CSS, for the report's own file and for the run's page. Knows nothing of either. Measures are CSS's own: A4 and
 * Letter both leave the same edges.
 */
import type { RunRecord } from '#record/run-record.ts';
import { cssText } from '#ui/report/html.ts';
import { formatExact } from '#ui/parts/moment.ts';

/** Longer ones are whole in the report itself. */
const LONGEST = 48;

export function pageStyle({ serial_number, outcome, station_id, started_at }: RunRecord): string {
  const cut = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
  const edge = (place: string, content: string) =>
    `@${place} { content: ${content}; font: 9pt system-ui, sans-serif; }`;
  return `@page {
  size: auto;
  margin: 18mm 14mm;
  ${edge('top-left', cssText(`${cut(serial_number)} · ${outcome ?? 'under way'}`))}
  ${edge('top-right', cssText(cut(station_id)))}
  ${edge('bottom-left', cssText(formatExact(started_at)))}
  ${edge('bottom-right', '"Page " counter(page) " of " counter(pages)')}
}`;
}
