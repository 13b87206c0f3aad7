/**
 * A verdict for ears and hands, beside word, colour and shape: a sound, a voice where it is wanted, and a buzz in the hand
 * that holds a tablet.
 *
 * Voice and buzz belong to the machine, so they are kept in localStorage. Above: signals-here.ts. Knows nothing of runs.
 */
import type { RunOutcome } from '#record/run-record.ts';
import type { Tones } from '#ui/parts/tones.ts';

const VOICE = 'fieldbench-voice';
const BUZZ = 'fieldbench-buzz';

/** Of what a browser has for it, as much as is used. */
export interface Speaker {
  getVoices(): readonly Pick<SpeechSynthesisVoice, 'lang' | 'localService'>[];
  speak(utterance: SpeechSynthesisUtterance): void;
  cancel(): void;
}
type Kept = Pick<Storage, 'getItem' | 'setItem'>;

export interface SignalParts {
  readonly storage: Kept | null;
  readonly tones: Pick<Tones, 'play'>;
  readonly speaker: Speaker | undefined;
  /** Absent where nothing can buzz. */
  readonly vibrate: ((pattern: number[]) => boolean) | undefined;
}

/** Milliseconds on, off, on: one short for PASS, two long for FAIL, three for all else, as the sounds are. */
const BUZZES: Readonly<Record<RunOutcome, number[]>> = {
  PASS: [80],
  FAIL: [350, 120, 350],
  ERROR: [120, 80, 120, 80, 120],
  TIMEOUT: [120, 80, 120, 80, 120],
  ABORTED: [120, 80, 120, 80, 120],
};
const SPOKEN: Readonly<Record<RunOutcome, string>> = {
  PASS: 'Pass',
  FAIL: 'Fail',
  ERROR: 'Error',
  TIMEOUT: 'Time out',
  ABORTED: 'Aborted',
};

export class VerdictSignals {
  readonly #parts: SignalParts;
  #voice: boolean;
  #buzz: boolean;

  constructor(parts: SignalParts) {
    this.#parts = parts;
    this.#voice = parts.storage?.getItem(VOICE) === 'on';
    this.#buzz = parts.storage?.getItem(BUZZ) !== 'off';
  }

  /** Whether this machine has a voice of its own: one that asks a server for each word is never used. */
  get canSpeak(): boolean {
    return this.#ownVoice() !== undefined;
  }

  get canBuzz(): boolean {
    return this.#parts.vibrate !== undefined;
  }

  get voice(): boolean {
    return this.#voice;
  }

  set voice(voice: boolean) {
    this.#voice = voice;
    this.#parts.storage?.setItem(VOICE, voice ? 'on' : 'off');
  }

  get buzz(): boolean {
    return this.#buzz;
  }

  set buzz(buzz: boolean) {
    this.#buzz = buzz;
    this.#parts.storage?.setItem(BUZZ, buzz ? 'on' : 'off');
  }

  /** @param sound whether sounds are wanted on this screen */
  tell(outcome: RunOutcome, sound: boolean): void {
    if (sound) this.#parts.tones.play(outcome);
    if (this.#buzz) this.#parts.vibrate?.(BUZZES[outcome]);
    if (this.#voice) this.say(outcome);
  }

  play(outcome: RunOutcome): void {
    this.#parts.tones.play(outcome);
  }

  say(outcome: RunOutcome): void {
    const voice = this.#ownVoice();
    if (!voice) return;
    const utterance = new SpeechSynthesisUtterance(SPOKEN[outcome]);
    utterance.voice = voice as SpeechSynthesisVoice;
    utterance.lang = voice.lang;
    // The verdict before is old news.
    this.#parts.speaker!.cancel();
    this.#parts.speaker!.speak(utterance);
  }

  /** An English one where there is one: the words are. */
  #ownVoice() {
    const own = this.#parts.speaker?.getVoices().filter(({ localService }) => localService) ?? [];
    return own.find(({ lang }) => lang.startsWith('en')) ?? own[0];
  }
}
