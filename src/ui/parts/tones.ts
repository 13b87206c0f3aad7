/**
 * The verdict as a sound: two rising notes for PASS, two low ones for FAIL, three in the middle for all else.
 *
 * Different in number and direction as well as pitch, so that they hold beside a loud machine. Made by the browser;
 * no files. Knows nothing of settings.
 */
import type { RunOutcome } from '#record/run-record.ts';

interface Note {
  readonly hertz: number;
  readonly startMs: number;
  readonly lengthMs: number;
}

const RISING: readonly Note[] = [
  { hertz: 880, startMs: 0, lengthMs: 90 },
  { hertz: 1319, startMs: 100, lengthMs: 160 },
];
const LOW: readonly Note[] = [
  { hertz: 233, startMs: 0, lengthMs: 220 },
  { hertz: 175, startMs: 260, lengthMs: 340 },
];
const MIDDLE: readonly Note[] = [0, 170, 340].map((startMs) => ({ hertz: 523, startMs, lengthMs: 110 }));

/** Loud enough across a bench, under the level at which small speakers rattle. */
const LEVEL = 0.25;
/** Without a slope at both ends every note starts and ends with a click. */
const SLOPE_S = 0.008;

export class Tones {
  #context: AudioContext | undefined;

  play(outcome: RunOutcome): void {
    if (typeof AudioContext === 'undefined') return;
    const context = (this.#context ??= new AudioContext());
    // Suspended until the page was touched or typed into; a scan is typing.
    void context.resume().catch(() => {});
    for (const note of outcome === 'PASS' ? RISING : outcome === 'FAIL' ? LOW : MIDDLE)
      sound(context, note, outcome === 'PASS' ? 'sine' : 'triangle');
  }
}

function sound(context: AudioContext, { hertz, startMs, lengthMs }: Note, type: OscillatorType): void {
  const start = context.currentTime + startMs / 1000;
  const end = start + lengthMs / 1000;
  const oscillator = new OscillatorNode(context, { type, frequency: hertz });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(LEVEL, start + SLOPE_S);
  gain.gain.setValueAtTime(LEVEL, end - SLOPE_S);
  gain.gain.linearRampToValueAtTime(0, end);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(end);
}
