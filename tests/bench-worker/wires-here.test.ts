import { describe, expect, test } from 'vitest';
import { wiresHere, type BrowserFacts } from '../../src/bench-worker/wires-here.ts';

const CHROME: Omit<BrowserFacts, 'system'> = { isSecure: true, hasSerial: true, hasUsb: true };
const held = (facts: BrowserFacts) => Object.fromEntries(wiresHere(facts).map(({ wire, holds }) => [wire, holds]));
const why = (facts: BrowserFacts, which: string) => wiresHere(facts).find(({ wire }) => wire === which)!.why;

describe('which wires hold here', () => {
  // As the rows of docs/reference/platforms.md.
  test.each([
    ['windows', { serial: 'yes', usb_serial: 'if', usbtmc: 'no', usb: 'if' }],
    ['macos', { serial: 'yes', usb_serial: 'if', usbtmc: 'if', usb: 'if' }],
    ['linux', { serial: 'if', usb_serial: 'if', usbtmc: 'if', usb: 'if' }],
    ['chromeos', { serial: 'yes', usb_serial: 'yes', usbtmc: 'yes', usb: 'yes' }],
    ['android', { serial: 'if', usb_serial: 'yes', usbtmc: 'yes', usb: 'yes' }],
    ['unknown', { serial: 'yes', usb_serial: 'if', usbtmc: 'if', usb: 'if' }],
  ] as const)('%s', (system, wires) => {
    expect(held({ ...CHROME, system })).toEqual(wires);
  });

  test('without HTTPS nothing does, and it is said what to do', () => {
    const facts = { ...CHROME, isSecure: false, system: 'chromeos' } as const;
    expect(new Set(Object.values(held(facts)))).toEqual(new Set(['no']));
    expect(why(facts, 'serial')).toContain('HTTPS');
  });

  test('a browser without Web Serial reaches serial ports over WebUSB, one without either none', () => {
    const facts = { ...CHROME, hasSerial: false, system: 'windows' } as const;
    expect(held(facts)).toMatchObject({ serial: 'if', usb_serial: 'if' });
    expect(new Set(Object.values(held({ ...facts, hasUsb: false })))).toEqual(new Set(['no']));
    expect(held({ ...CHROME, hasUsb: false, system: 'android' })).toMatchObject({ serial: 'no', usb: 'no' });
    expect(why({ ...facts, hasUsb: false }, 'serial')).toContain('Chrome');
  });
});
