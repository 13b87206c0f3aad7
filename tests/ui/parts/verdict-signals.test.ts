/** Rule 2: what a verdict is for ears and hands. */
import { expect, test, vi } from 'vitest';
import { type SignalParts, type Speaker, VerdictSignals } from '#ui/parts/verdict-signals.ts';

vi.stubGlobal(
  'SpeechSynthesisUtterance',
  class {
    voice: unknown;
    lang = '';
    readonly text: string;
    constructor(text: string) {
      this.text = text;
    }
  },
);

function signals(voices: readonly { lang: string; localService: boolean }[] = [], rows: Record<string, string> = {}) {
  const did: unknown[] = [];
  const speaker: Speaker = {
    getVoices: () => voices,
    speak: ({ text, lang }) => did.push(['say', text, lang]),
    cancel: () => did.push('hush'),
  };
  const parts: SignalParts = {
    storage: { getItem: (key) => rows[key] ?? null, setItem: (key, value) => void (rows[key] = value) },
    tones: { play: (outcome) => did.push(['tone', outcome]) },
    speaker,
    vibrate: (pattern) => did.push(['buzz', pattern.length]) > 0,
  };
  return { did, parts, of: new VerdictSignals(parts) };
}
const OWN = { lang: 'en-GB', localService: true };

test('2: a sound and a buzz by themselves, a voice only where somebody wants it', () => {
  const { of, did } = signals([OWN]);
  of.tell('PASS', true);
  expect(did).toEqual([
    ['tone', 'PASS'],
    ['buzz', 1],
  ]);
});

test('2: PASS, FAIL and all else feel different', () => {
  const { of, did } = signals();
  for (const outcome of ['PASS', 'FAIL', 'ERROR', 'TIMEOUT', 'ABORTED'] as const) of.tell(outcome, false);
  expect(did).toEqual([1, 3, 5, 5, 5].map((length) => ['buzz', length]));
});

test('2: the voice says the newest verdict, and hushes the one before', () => {
  const { of, did } = signals([OWN]);
  of.voice = true;
  of.buzz = false;
  of.tell('FAIL', false);
  expect(did).toEqual(['hush', ['say', 'Fail', 'en-GB']]);
});

test('2: a voice that would ask a server is never used', () => {
  const { of, did } = signals([{ lang: 'en-US', localService: false }]);
  of.voice = true;
  expect(of.canSpeak).toBe(false);
  of.tell('FAIL', false);
  expect(did.filter((one) => one !== 'hush')).toEqual([['buzz', 3]]);
});

test('2: an English voice goes before another one of this machine', () => {
  const { of, did } = signals([{ lang: 'de-DE', localService: true }, OWN]);
  of.say('PASS');
  expect(did).toEqual(['hush', ['say', 'Pass', 'en-GB']]);
});

test('2: what was chosen is there after a reload', () => {
  const rows: Record<string, string> = {};
  const { of } = signals([OWN], rows);
  of.voice = true;
  of.buzz = false;
  const again = signals([OWN], rows).of;
  expect([again.voice, again.buzz]).toEqual([true, false]);
});
