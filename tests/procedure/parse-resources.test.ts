/** Over which wire a plug is reached, as it is written and as it is read. */
import { describe, expect, test } from 'vitest';
import { GOOD_MAIN, HEAD, load, message, problems } from './read-text.ts';

const plug = (resource: string) =>
  `${HEAD}plugs:\n  - { name: Dmm, driver: scpi-dmm, resource: ${resource} }\n${GOOD_MAIN}`;
const resourceOf = (resource: string) => load(plug(resource)).plugs[0]?.resource;

describe('what is read', () => {
  test('an instrument on USBTMC', () => {
    expect(resourceOf("{ usbtmc: { usb: ['2A8D:*'] }, identity: '^KEYSIGHT,' }")).toEqual({
      kind: 'usbtmc',
      usb: ['2a8d:*'],
      terminator: '\n',
      identity: '^KEYSIGHT,',
      identityQuery: '*IDN?',
      resetOnOpenMs: 0,
    });
    expect(resourceOf(`{ usbtmc: { usb: ['2a8d:1301'], serial_number: MY1, term_char: "\\n" } }`)).toMatchObject({
      serialNumber: 'MY1',
      termChar: '\n',
    });
  });

  test('an adapter over WebUSB has the settings of a serial port, and a serial number', () => {
    const line = "usb: ['0403:6001'], baud_rate: 9600, parity: even";
    const port = resourceOf(`{ serial: { ${line} } }`);
    expect(resourceOf(`{ usb_serial: { ${line}, serial_number: A1 } }`)).toEqual({
      ...port,
      kind: 'usb_serial',
      serialNumber: 'A1',
    });
  });

  test('bulk endpoints', () => {
    expect(resourceOf("{ usb: { usb: ['1209:0001'] } }")).toMatchObject({ kind: 'usb', zeroLengthPacket: false });
    expect(resourceOf("{ usb: { usb: ['1209:0001'], interface: 2, zero_length_packet: true } }")).toMatchObject({
      interfaceNumber: 2,
      zeroLengthPacket: true,
    });
  });
});

describe('what is refused, with its place', () => {
  test.each([
    ["{ serial: { usb: ['0403:6001'] }, usbtmc: { usb: ['2a8d:*'] } }", 'conflict', 'exclude each other'],
    ["{ identity: '^A' }", 'missing-key', 'needs “serial”'],
    ['{ usbtmc: {} }', 'missing-key', 'needs “usb”'],
    ["{ usbtmc: { usb: ['2a8d'] } }", 'choice', 'vendor:product'],
    ["{ usbtmc: { usb: ['2a8d:*'], baud_rate: 9600 } }", 'unknown-key', 'baud_rate'],
    ["{ usbtmc: { usb: ['2a8d:*'], term_char: 'ab' } }", 'length', 'at most 1'],
    ["{ usbtmc: { usb: ['2a8d:*'], term_char: 'Ω' } }", 'choice', 'Latin-1'],
    ["{ serial: { usb: ['0403:6001'], serial_number: A } }", 'unknown-key', 'serial_number'],
    ["{ usb: { usb: ['1209:0001'], interface: 256 } }", 'range', '255'],
    ["{ usbtcm: { usb: ['2a8d:*'] } }", 'unknown-key', 'usbtmc'],
  ])('%s: %s', (resource, code, words) => {
    expect(problems(plug(resource)).join('\n')).toMatch(new RegExp(`^${code} 4:`, 'm'));
    expect(message(plug(resource))).toContain(words);
  });
});
