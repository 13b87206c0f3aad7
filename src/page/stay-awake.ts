/**
 * The screen stays on while a unit is under test, or waits for an answer: a tablet that goes dark in the middle of a run
 * hides the question, and the browser may slow the page down.
 *
 * A browser takes its promise back when the window is hidden, so it is asked again when it is seen. One that refuses, as
 * in power saving, is no reason to stop. Loaded when there is nothing else to do. Knows nothing of runs but that there is
 * one.
 */
import type { StationPort } from '#ui/station-port.ts';

/** As much of `navigator` and `document` as is needed. */
export interface Waker {
  readonly wakeLock?: { request(type: 'screen'): Promise<Lock> };
}
export interface Lock {
  release(): Promise<void>;
  addEventListener(type: 'release', listener: () => void): void;
}
export interface Sight extends Pick<EventTarget, 'addEventListener'> {
  readonly visibilityState: string;
}

export function stayAwake({ on }: Pick<StationPort, 'on'>, { wakeLock }: Waker, sight: Sight): void {
  if (!wakeLock) return;
  let isRunning = false;
  let isAsking = false;
  let lock: Lock | null = null;

  const settle = async () => {
    if (isAsking) return;
    if (!isRunning) return void lock?.release().catch(() => {});
    if (lock || sight.visibilityState !== 'visible') return;
    isAsking = true;
    const got = await wakeLock.request('screen').catch(() => null);
    isAsking = false;
    lock = got;
    got?.addEventListener('release', () => {
      if (lock === got) lock = null;
    });
    // The run may have ended while the browser thought about it.
    if (got && !isRunning) void settle();
  };
  on((news) => {
    if (news.kind !== 'view' || news.change.running === undefined || news.change.running === isRunning) return;
    isRunning = news.change.running;
    void settle();
  });
  sight.addEventListener('visibilitychange', () => void settle());
}
