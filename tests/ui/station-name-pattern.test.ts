/** The hint in the form and the rule of the fleet are one scheme. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stationNameProblem } from '#fleet/identity/station-name.ts';
import { STATION_NAME_PATTERN } from '#ui/settings/station-name-pattern.ts';

/** As an input's `pattern` is read: anchored at both ends, `v` flag. */
const PATTERN = new RegExp(`^(?:${STATION_NAME_PATTERN})$`, 'v');

test('every name is taken by both or by neither', () => {
  const part = fc.stringMatching(/^[a-z0-9A-Z-]{0,6}$/);
  const name = fc.oneof(
    fc.string(),
    fc.tuple(part, part, part).map((parts) => parts.join('-')),
    fc.stringMatching(/^[a-z][a-z0-9]{0,8}-[a-z0-9]{1,8}-[0-9]{1,7}$/),
  );
  fc.assert(fc.property(name, (text) => PATTERN.test(text) === (stationNameProblem(text) === null)));
  expect(PATTERN.test('taipei-line1-042')).toBe(true);
});
