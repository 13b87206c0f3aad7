/**
 * A station's window that is left on another screen goes back to Test by itself: a scanner that types there would type into
 * nothing.
 *
 * Above: later-work.ts. Knows nothing of what the screens show.
 */
export interface BackToTest {
  /** What is pressed, typed or scrolled in it. */
  readonly window: EventTarget;
  readonly screen: () => string;
  /** 0: never. */
  readonly minutes: () => number;
  /** A field that holds something has the focus. */
  readonly isTyping: () => boolean;
  readonly goBack: () => void;
  readonly monotonicMs: () => number;
}

/** Already there; a text that is being written; and two that are looked at without being touched. */
const STAYS: ReadonlySet<string> = new Set(['operator', 'workshop', 'wall', 'stations']);
const PRESENCE = ['pointerdown', 'keydown', 'wheel', 'touchmove'];
const LOOK_EVERY_MS = 5_000;
const MINUTE_MS = 60_000;

/** @returns how to stop */
export function backToTest({ window, screen, minutes, isTyping, goBack, monotonicMs }: BackToTest): () => void {
  const end = new AbortController();
  let lastMs = monotonicMs();
  const present = () => void (lastMs = monotonicMs());
  for (const event of PRESENCE)
    window.addEventListener(event, present, { signal: end.signal, capture: true, passive: true });
  const timer = setInterval(() => {
    const limitMs = minutes() * MINUTE_MS;
    if (limitMs === 0 || STAYS.has(screen()) || isTyping()) return;
    if (monotonicMs() - lastMs >= limitMs) goBack();
  }, LOOK_EVERY_MS);
  return () => {
    end.abort();
    clearInterval(timer);
  };
}

/** Of this document. */
export function isTypingHere(): boolean {
  const field = document.activeElement;
  return (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) && field.value !== '';
}
