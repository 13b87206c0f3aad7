/** `operators` and `sign_in` in fleet.yaml: taken whole, or refused with the place and what is wrong. */
import { describe, expect, test } from 'vitest';
import { hashBadge } from '#fleet/people/secret.ts';
import { readFleetConfig } from '#server/fleet/fleet-config.ts';

const BADGE = await hashBadge('EMP-1', (bytes) => crypto.getRandomValues(new Uint8Array(bytes)));
const read = (text: string) => readFleetConfig(text, 'fleet.yaml');

describe('the people of a fleet', () => {
  test('are taken with how they sign in', () => {
    const text = `sign_in: { idle_min: 5, badge_pattern: '^EMP-', retest_reason: true, retest_by: technician }
operators:
  - { name: ' Ana ', email: ana@example.com, role: supervisor, badge: ${BADGE} }
  - { name: Ben, role: operator, badge: ${BADGE} }
`;
    expect(read(text)).toMatchObject({
      sign_in: { idle_min: 5, badge_pattern: '^EMP-', retest_reason: true, retest_by: 'technician' },
      operators: [{ name: 'Ana', email: 'ana@example.com', role: 'supervisor', badge: BADGE }, { name: 'Ben' }],
    });
  });

  const one = (more: string) =>
    `simulated: true\noperators:\n  - name: Ben\n    role: operator\n    badge: ${BADGE}\n  - ${more}\n`;
  test.each([
    [
      one(`{ name: Ana, role: boss, badge: ${BADGE} }`),
      6,
      18,
      'operators.1.role: one of operator, technician, supervisor is needed',
    ],
    [
      one(`{ name: Ana, role: operator, badge: EMP-1 }`),
      6,
      34,
      'operators.1.badge: this is no hash of a badge; “fieldbench badge CODE” makes one',
    ],
    [one(`{ name: ben, role: operator, badge: ${BADGE} }`), 6, 5, 'operators.1: this name is listed twice'],
    [
      one(`{ name: Ana, role: operator, badge: ${BADGE}, pin: 1234 }`),
      6,
      147,
      'operators.1.pin: there is no such setting',
    ],
    [
      one(`{ name: Ana, role: operator, badge: ${BADGE}, email: ana }`),
      6,
      147,
      'operators.1.email: this is no e-mail address',
    ],
    [one('{ name: Ana, role: operator }'), 6, 5, 'operators.1.badge: '],
    [one('Ana'), 6, 5, 'operators.1: name, role and badge are needed'],
    ['operators: Ana', 1, 1, 'operators: a list of people is needed'],
    ['sign_in:\n  idle_min: 0', 2, 3, 'sign_in.idle_min: at least 1 is needed'],
    ["sign_in:\n  badge_pattern: '['", 2, 3, 'sign_in.badge_pattern: this is no pattern'],
    ['sign_in:\n  retest_by: nobody', 2, 3, 'sign_in.retest_by: one of'],
  ])('%s', (text, line, column, words) => {
    expect(() => read(text)).toThrow(`fleet.yaml, line ${line}, column ${column}: ${words}`);
  });
});
