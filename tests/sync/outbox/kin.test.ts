import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areKin, familyNames } from '#sync/outbox/kin.ts';
import { rowOf } from '../memory-outbox.ts';

const serial = fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H');
const row = fc.tuple(serial, fc.array(serial, { maxLength: 3 }));

test('5: runs that hang together through any number of parts have one name, and no others', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), (drawn) => {
      const rows = drawn.map(([own, parts], at) => rowOf(at + 1, { serial_number: own, sub_keys: parts }));
      const nameOf = familyNames(rows);
      // The plain way: everybody whom one can reach from kin to kin.
      for (const one of rows) {
        const family = new Set([one]);
        for (const member of family) for (const other of rows) if (areKin(member, other)) family.add(other);
        const named = rows.filter((other) => nameOf(other) === nameOf(one));
        for (const other of named) expect(family.has(other), 'nobody waits for a stranger').toBe(true);
        for (const other of rows.filter((each) => each.sub_keys!.includes(one.serial_key)))
          expect(nameOf(other), 'a unit and its part').toBe(nameOf(one));
      }
    }),
  );
});
