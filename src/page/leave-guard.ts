/**
 * Asks before the page is left while a run is under way: a reload ends the run, whatever was being answered.
 *
 * The browser asks in its own words, and only where somebody has touched the page. Knows nothing of runs but that there
 * is one.
 */
import type { StationNews } from '#engine/link/station-link.ts';

export interface LeaveGuard {
  /** What the station tells the page. */
  readonly hear: (news: StationNews) => void;
  /** From now on nobody is asked: the page itself means to go. */
  readonly open: () => void;
}

export function guardLeaving(target: Pick<Window, 'addEventListener'>): LeaveGuard {
  let isRunning = false;
  let isOpen = false;
  target.addEventListener('beforeunload', (event) => {
    if (isRunning && !isOpen) event.preventDefault();
  });
  return {
    hear: (news) => {
      if (news.kind === 'view') isRunning = news.change.running ?? isRunning;
    },
    open: () => (isOpen = true),
  };
}
