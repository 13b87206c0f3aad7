/**
 * The verdict stays until the next scan, also when a new version of the app takes over in between.
 *
 * The id of the run on the screen is left behind just before the reload and taken up by the page that follows.
 */
import type { RunRecord } from '#record/run-record.ts';
import type { StationPort } from '#ui/station-port.ts';

const SHOWN = 'fieldbench-shown-run';

export function rememberVerdict(): void {
  const verdict = document.querySelector<HTMLElement>('[data-testid="verdict"][data-outcome]');
  const id = verdict?.dataset['runId'];
  if (id) sessionStorage.setItem(SHOWN, id);
}

export async function recallVerdict({ call }: StationPort): Promise<RunRecord | null> {
  const id = sessionStorage.getItem(SHOWN);
  sessionStorage.removeItem(SHOWN);
  return id === null ? null : ((await call.run(id).catch(() => null))?.record ?? null);
}
