/**
 * The verdict's sound, voice and buzz of this machine. Loaded when the station is ready: before that there is no verdict.
 *
 * Above: App.svelte and Settings.
 */
import { Tones } from '#ui/parts/tones.ts';
import { VerdictSignals } from '#ui/parts/verdict-signals.ts';
import { pageStorage } from '#ui/preferences.svelte.ts';

/** Only what is held in a hand can buzz; a desktop browser has the function, and nothing happens. */
const isHeld = navigator.maxTouchPoints > 0 && typeof navigator.vibrate === 'function';

export const verdictSignals = new VerdictSignals({
  storage: pageStorage(),
  tones: new Tones(),
  speaker: typeof speechSynthesis === 'undefined' ? undefined : speechSynthesis,
  vibrate: isHeld ? (pattern) => navigator.vibrate(pattern) : undefined,
});
