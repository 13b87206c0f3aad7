import { describe, expect, test } from 'vitest';
import { deviceNames, nameDevice, type NameStore } from '../../src/bench-worker/device-names.ts';

function memory(): NameStore {
  const kept = new Map<string, unknown>();
  return {
    get: async <T>(key: string) => kept.get(key) as T | undefined,
    set: async (key, value) => void kept.set(key, value),
  };
}

describe('names of devices', () => {
  test('a name is kept, changed and taken away, and the others stay', async () => {
    const store = memory();
    await nameDevice(store, 'ACME,TMC-1,MY0001,1.0', '  Left \t meter ');
    await nameDevice(store, '1209:0001 MY0002', 'Right meter');
    expect(await deviceNames(store)).toEqual({
      'ACME,TMC-1,MY0001,1.0': 'Left meter',
      '1209:0001 MY0002': 'Right meter',
    });
    await nameDevice(store, 'ACME,TMC-1,MY0001,1.0', 'LEFT METER');
    await nameDevice(store, '1209:0001 MY0002', ' ');
    expect(await deviceNames(store)).toEqual({ 'ACME,TMC-1,MY0001,1.0': 'LEFT METER' });
  });

  test('one that is too long, or that another device has, is refused and nothing changes', async () => {
    const store = memory();
    await nameDevice(store, 'a', 'Meter');
    await expect(nameDevice(store, 'b', 'x'.repeat(41))).rejects.toMatchObject({
      code: 'name-refused',
      message: 'A name has at most 40 characters, and this one has 41.',
    });
    await expect(nameDevice(store, 'b', 'meter')).rejects.toMatchObject({
      message: 'Another device is called “Meter” already.',
    });
    expect(await deviceNames(store)).toEqual({ a: 'Meter' });
    await nameDevice(store, 'b', 'x'.repeat(40));
  });

  test('a device may be called like a property of every object', async () => {
    const store = memory();
    await nameDevice(store, '__proto__', 'Odd one');
    expect(Object.entries(await deviceNames(store))).toEqual([['__proto__', 'Odd one']]);
  });

  test('no more than five hundred', async () => {
    const store = memory();
    for (let n = 0; n < 500; n++) await nameDevice(store, `d${n}`, `Name ${n}`);
    await expect(nameDevice(store, 'more', 'More')).rejects.toMatchObject({ code: 'name-refused' });
    await nameDevice(store, 'd7', 'Seven');
  });
});
