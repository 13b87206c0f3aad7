/** Where the cursor stands in a text that is being typed; `|` marks it. */
import { describe, expect, test } from 'vitest';
import { yamlPlace } from '#ui/workshop/complete/yaml-place.ts';

function at(marked: string) {
  const offset = marked.indexOf('|');
  const { path, kind, prefix, siblings, from } = yamlPlace(marked.replace('|', ''), offset);
  expect(from, 'the prefix ends at the cursor').toBe(offset - prefix.length);
  return { at: `${path.join('.')} ${kind}`, prefix, siblings };
}

describe('keys', () => {
  test.each([
    ['|', ' key', ''],
    ['na|', ' key', 'na'],
    ['main:\n  - na|', 'main.[] key', 'na'],
    ['main:\n  - name: A\n    st|', 'main.[] key', 'st'],
    ['main:\n- name: A\n  st|', 'main.[] key', 'st'],
    ['main:\n  - name: A\n    steps:\n      - me|', 'main.[].steps.[] key', 'me'],
    ['main:\n  - name: A\n    steps:\n      - measure: { name: x, pl| }', 'main.[].steps.[].measure key', 'pl'],
    ['main:\n  - name: A\n  - na|', 'main.[] key', 'na'],
    [
      'main:\n  - name: A\n    measurements:\n      - name: v\n        validators: [{ op|',
      'main.[].measurements.[].validators.[] key',
      'op',
    ],
    ['plugs:\n  - name: F\n    resource:\n      serial: { usb: [a], ba|', 'plugs.[].resource.serial key', 'ba'],
    ['unit:\n  serial_number:\n    pa|', 'unit.serial_number key', 'pa'],
    ['setup:\n  - name: A\n\n# a comment\nmain:\n  - name: B\n    |', 'main.[] key', ''],
  ])('%j', (text, place, prefix) => {
    expect(at(text)).toMatchObject({ at: place, prefix });
  });
});

describe('values', () => {
  test.each([
    ['name: Po|', 'name value', 'Po'],
    ['main:\n  - name: A\n    steps:\n      - write: { plug: fi|', 'main.[].steps.[].write.plug value', 'fi'],
    ['execution:\n  on_first_failure: |', 'execution.on_first_failure value', ''],
    ['main:\n  - name: A\n    depends_on: [a, b|', 'main.[].depends_on.[] value', 'b'],
    ["a: { b: 'x, y: z', c: |", 'a.c value', ''],
    ['main:\n  - name: A\n    steps:\n      - wait: ${se|', 'main.[].steps.[].wait value', '${se'],
    ['a: { x: ${y}, z: q|', 'a.z value', 'q'],
  ])('%j', (text, place, prefix) => {
    expect(at(text)).toMatchObject({ at: place, prefix });
  });
});

test('keys that are there already, above, below and in brackets', () => {
  expect(at('main:\n  - name: A\n    |\n    timeout: 1s\n  - key: other').siblings).toEqual(['name', 'timeout']);
  expect(at('main:\n  - steps: { name: a, plug: b, |').siblings).toEqual(['name', 'plug']);
});
