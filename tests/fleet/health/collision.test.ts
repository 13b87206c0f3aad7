/** Two of one name: when they are two, and whose it is. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { colliding, type Voice } from '#fleet/health/collision.ts';
import type { Speaker } from '#fleet/health/heartbeat.ts';

const iso = (ms: number) => new Date(Date.UTC(2026, 10, 20, 8) + ms).toISOString();

/** Heard from `firstMs` to `lastMs`; its clock is the server's unless it is said to be off. */
function voice(name: string, firstMs: number, lastMs: number, change: Partial<Speaker> = {}, offMs = 0): Voice {
  return {
    firstMs,
    lastMs,
    presentMs: firstMs,
    speaker: {
      station: 'taipei-line1-042',
      installation: `installation-${name}`,
      session: `session-${name}`,
      since: iso(0),
      term: 0,
      started_at: iso(firstMs + offMs),
      sent_at: iso(lastMs + offMs),
      ...change,
    },
  };
}
const names = (voices: readonly Voice[]) => voices.map(({ speaker }) => speaker.session);
const MINUTE = 60_000;

describe('whether they are two', () => {
  test('6: two that take turns are two, from the second word of the first one on', () => {
    expect(colliding([voice('a', 0, MINUTE), voice('b', MINUTE + 1, MINUTE + 1)])).toEqual([]);
    expect(names(colliding([voice('a', 0, 2 * MINUTE), voice('b', MINUTE + 1, MINUTE + 1)]))).toEqual([
      'session-a',
      'session-b',
    ]);
  });

  test('6: one that came after another has gone is none', () => {
    expect(colliding([voice('a', 0, 5 * MINUTE), voice('b', 6 * MINUTE, 60 * MINUTE)])).toEqual([]);
  });

  test('6: a page that was loaded anew is none, even when its last word comes late', () => {
    const same = { installation: 'installation-a' };
    const late = voice('a', 0, 5 * MINUTE + 300, { ...same, sent_at: iso(4 * MINUTE) });
    expect(colliding([late, voice('b', 5 * MINUTE, 5 * MINUTE, same)])).toEqual([]);
  });

  test('6: a copied disk is one, also with a clock that is off', () => {
    const same = { installation: 'installation-a' };
    for (const offMs of [0, -2 * MINUTE, 2 * MINUTE]) {
      const found = colliding([voice('a', 0, 9 * MINUTE, same), voice('b', 3 * MINUTE, 9 * MINUTE + 1, same, offMs)]);
      expect(found.length, String(offMs)).toBe(2);
    }
  });

  test('6: one alone, and nobody', () => {
    expect(colliding([])).toEqual([]);
    expect(colliding([voice('a', 0, MINUTE)])).toEqual([]);
  });
});

describe('whose it is', () => {
  const among = (...speakers: Partial<Speaker>[]) =>
    names(colliding(speakers.map((change, at) => voice(String(at), 0, MINUTE, change))));

  test('6: the one that has had it longest', () => {
    expect(among({ since: iso(5000) }, { since: iso(1000) })).toEqual(['session-1', 'session-0']);
  });

  test('6: before that the one to which a supervisor has given it', () => {
    expect(among({ since: iso(1000), term: 1 }, { since: iso(5000), term: 2 })).toEqual(['session-1', 'session-0']);
  });

  test('6: of a copied disk the one that was started first', () => {
    const same = { installation: 'installation-x' };
    expect(among({ ...same, started_at: iso(9) }, { ...same, started_at: iso(3) })).toEqual(['session-1', 'session-0']);
  });

  test('6: the same one for every server, whatever the order of arrival', () => {
    const speaker = fc.record({
      installation: fc.constantFrom('installation-1', 'installation-2', 'installation-3'),
      term: fc.integer({ min: 0, max: 2 }),
      since: fc.integer({ min: 0, max: 3 }).map(iso),
      started_at: fc.integer({ min: 0, max: 3 }).map(iso),
      sent_at: fc.integer({ min: 4, max: 9 }).map(iso),
    });
    fc.assert(
      fc.property(
        fc.array(speaker, { minLength: 2, maxLength: 6 }),
        fc.infiniteStream(fc.nat()),
        (speakers, chance) => {
          const voices = speakers.map((change, at) => voice(String(at), 0, MINUTE, change));
          const shuffled = voices.toSorted(() => ((chance.next().value ?? 0) % 3) - 1);
          const found = names(colliding(voices));
          expect(found.length).toBe(voices.length);
          expect(names(colliding(shuffled))).toEqual(found);
          // Exactly one has it.
          const highest = Math.max(...speakers.map(({ term }) => term));
          expect(voices.find(({ speaker: one }) => one.session === found[0])?.speaker.term).toBe(highest);
        },
      ),
    );
  });
});
