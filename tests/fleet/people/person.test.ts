import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTIONS, LOWEST_ROLE, may, whoCan } from '#fleet/people/person.ts';
import { pinWaitMs } from '#fleet/people/pin-wait.ts';
import { ROLES } from '#record/role.ts';

describe('roles', () => {
  test('3: whoever may do something, every higher role may', () => {
    for (const action of ACTIONS)
      expect(ROLES.map((role) => may(role, action))).toEqual(
        ROLES.map((role) => ROLES.indexOf(role) >= ROLES.indexOf(LOWEST_ROLE[action])),
      );
    expect(ROLES.filter((role) => may(role, 'start'))).toEqual(ROLES);
    expect(ROLES.filter((role) => may(role, 'people'))).toEqual(['supervisor']);
  });

  test('3: the table of the documentation is the one of the code', () => {
    const text = readFileSync(new URL('../../../docs/reference/people.md', import.meta.url), 'utf8');
    const rows = [...text.matchAll(/^\| `(\w+)` \|[^|]*\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)];
    const written = rows.map(([, action, ...cells]) => [action, cells.map((cell) => cell.trim() === 'yes')]);
    expect(Object.fromEntries(written)).toEqual(
      Object.fromEntries(ACTIONS.map((action) => [action, ROLES.map((role) => may(role, action))])),
    );
  });

  test('3: who can is said in words', () => {
    expect([whoCan('technician'), whoCan('supervisor')]).toEqual([
      'A technician or a supervisor can do this.',
      'A supervisor can do this.',
    ]);
  });
});

describe('6: waiting after wrong PINs', () => {
  test('two are free, then it doubles from 5 s to 5 minutes, and is over in time', () => {
    const waits = Array.from({ length: 12 }, (_, count) => pinWaitMs({ count, at_ms: 1000 }, 1000) / 1000);
    expect(waits).toEqual([0, 0, 0, 5, 10, 20, 40, 80, 160, 300, 300, 300]);
    expect(pinWaitMs({ count: 3, at_ms: 1000 }, 3500)).toBe(2500);
    expect(pinWaitMs({ count: 3, at_ms: 1000 }, 6000)).toBe(0);
    expect(pinWaitMs(undefined, 0)).toBe(0);
  });

  test('never for ever, whatever the clock and however many', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ noNaN: true }), fc.double({ noNaN: true }), (count, at_ms, nowMs) => {
        const waitMs = pinWaitMs({ count, at_ms }, nowMs);
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(300_000);
      }),
    );
  });
});
