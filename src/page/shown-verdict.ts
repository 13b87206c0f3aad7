/**
 * The verdict stays until the next scan, also when a new version of the app takes over in between.
 *
 * The ids of the runs on the screen are left behind just before the reload and taken up by the page that follows.
 */
import type { RunRecord } from '#record/run-record.ts';
import type { StationPort } from '#ui/station-port.ts';

const SHOWN = 'fieldbench-shown-run';

export function rememberVerdict(): void {
  const verdicts = document.querySelectorAll<HTMLElement>('[data-testid="verdict"][data-outcome]');
  const ids = [...verdicts].flatMap(({ dataset }) => dataset['runId'] ?? []);
  if (ids.length > 0) sessionStorage.setItem(SHOWN, ids.join(' '));
}

/** @returns one a slot */
export async function recallVerdict({ call }: StationPort): Promise<RunRecord[]> {
  const ids = sessionStorage.getItem(SHOWN)?.split(' ') ?? [];
  sessionStorage.removeItem(SHOWN);
  const found = await Promise.all(ids.map((id) => call.run(id).catch(() => null)));
  return found.flatMap((one) => one?.record ?? []);
}
