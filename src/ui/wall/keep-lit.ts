/** Keeps a screen lit that nobody touches, for as long as its page is in sight. */

type Sight = Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;

/** @returns how to stop. Nothing happens where a browser cannot do it, or does not want to. */
export function keepLit({ wakeLock }: Partial<Pick<Navigator, 'wakeLock'>>, sight: Sight): () => void {
  if (!wakeLock) return () => {};
  let held: WakeLockSentinel | null = null;
  let isOver = false;
  const ask = async () => {
    // The browser has let go of it when the page went out of sight.
    if (sight.visibilityState !== 'visible') return;
    const got = await wakeLock.request('screen').catch(() => null);
    if (isOver) void got?.release();
    else held = got;
  };
  const seen = () => void ask();
  sight.addEventListener('visibilitychange', seen);
  seen();
  return () => {
    isOver = true;
    sight.removeEventListener('visibilitychange', seen);
    void held?.release();
  };
}
