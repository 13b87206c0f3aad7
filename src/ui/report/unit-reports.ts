/** Runs as reports, one a unit. Above: the bench worker, which puts them into one file. Pure. */
import { writeReport } from '#ui/report/write-report.ts';
import type { ReportRun } from '#ui/report/report-source.ts';

export interface NamedReport {
  readonly name: string;
  readonly text: string;
}

/** Of a file's name; file systems take 255 bytes in all. */
const LONGEST_SERIAL = 60;

/** @param runs the newest first; each unit's stay in that order */
export function unitReports(runs: readonly ReportRun[]): NamedReport[] {
  const units = new Map<string, ReportRun[]>();
  for (const run of runs) {
    const key = run.record.serial_number.toUpperCase();
    const others = units.get(key);
    if (others) others.push(run);
    else units.set(key, [run]);
  }
  return [...units.values()].map((own) => ({ name: reportName(own[0]!), text: writeReport(own) }));
}

/** The id makes it unique: two serial numbers may be one name on a disk. */
export function reportName({ record: { serial_number, id } }: Pick<ReportRun, 'record'>): string {
  return `${serial_number.replaceAll(/[^\w.-]+/g, '-').slice(0, LONGEST_SERIAL)}-${id}.report.html`;
}
