/**
 * Keeps the screen on while a run is under way: a screen that goes dark hides the verdict, and takes Web Serial's page to sleep.
 *
 * A browser gives the lock only to a page that is seen, and takes it away when it is not; then it is asked for again. It may
 * refuse, on a low battery for one: a run goes on all the same. Knows nothing of runs but that there is one.
 */
import type { StationNews } from '#engine/link/station-link.ts';

type Lock = Promise<WakeLockSentinel | null>;
/** As much of `document` as this needs. */
type Seen = Pick<Document, 'addEventListener' | 'visibilityState'>;

/** @returns what the station's news is told to */
export function keepAwake(wakeLock: WakeLock | undefined, document: Seen): (news: StationNews) => void {
  let isRunning = false;
  let held: Lock | null = null;
  const settle = () => {
    if (!isRunning) {
      void held?.then((lock) => lock?.release()).catch(() => {});
      held = null;
    } else if (document.visibilityState === 'visible' && held === null) {
      const asked: Lock | null = wakeLock?.request('screen').catch(() => null) ?? null;
      held = asked;
      const forget = () => {
        if (held === asked) held = null;
      };
      void asked?.then((lock) => (lock ? lock.addEventListener('release', forget) : forget()));
    }
  };
  document.addEventListener('visibilitychange', settle);
  return (news) => {
    if (news.kind !== 'view' || news.change.running === undefined) return;
    isRunning = news.change.running;
    settle();
  };
}
