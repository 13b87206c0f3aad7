/** What went wrong in a workshop run, as problems at their lines. Pure. Knows nothing of editors. */
import type { Problem } from '#procedure/procedure.ts';
import type { RunRecord } from '#record/run-record.ts';

/** @param file the procedure’s own @param has whether a file is open here */
export function runFaults({ logs }: Pick<RunRecord, 'logs'>, file: string, has: (path: string) => boolean): Problem[] {
  return logs
    .filter(({ level, line_number: line }) => level === 'ERROR' && line > 0)
    .map(({ message, source_file: source, line_number: line }) => ({
      severity: 'error',
      code: 'last-run',
      message,
      file: has(source) ? source : file,
      line,
      column: 1,
    }));
}
