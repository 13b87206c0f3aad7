/**
 * A plug's resource in the format's schema: over which wire its device is reached.
 *
 * Stands beside procedure-schema.ts. Made of the same lists that the reader uses.
 */
import { WIRES } from '#procedure/read/read-resource.ts';
import { choice, flag, listOf, map, neededText, ref, said, whole } from '#procedure/schema/json-schema.ts';
import type { JsonSchema } from '#procedure/schema/json-schema.ts';

const USB_DEVICE = { 'usb!': ref('usbIds'), terminator: neededText(8) };
const SERIAL_NUMBER = {
  serial_number: said('USB serial number: tells two equal devices apart.', neededText(126)),
};
const SERIAL_LINE = {
  ...USB_DEVICE,
  baud_rate: whole(1, 12_000_000),
  data_bits: choice([7, 8]),
  stop_bits: choice([1, 2]),
  parity: choice(['none', 'even', 'odd']),
  flow_control: choice(['none', 'hardware']),
  framing: ref('framing'),
};

export const RESOURCE_DEFS: Readonly<Record<string, JsonSchema>> = {
  usbIds: said(
    "USB ids: '0403:6001', '2a8d:*'.",
    listOf({ type: 'string', pattern: '^\\s*[0-9A-Fa-f]{4}:([0-9A-Fa-f]{4}|\\*)\\s*$' }, { minItems: 1 }),
  ),
  resource: {
    ...map({
      serial: said('A serial port: Web Serial, or WebUSB on tablets.', map(SERIAL_LINE)),
      usb_serial: said(
        'A serial adapter over WebUSB: CDC-ACM, FTDI, CP210x, CH34x.',
        map({ ...SERIAL_LINE, ...SERIAL_NUMBER }),
      ),
      usbtmc: said(
        'A bench instrument of the USB test and measurement class, over WebUSB.',
        map({
          ...USB_DEVICE,
          ...SERIAL_NUMBER,
          term_char: said('Ends an answer, for instruments that never say where it ends.', neededText(1)),
        }),
      ),
      usb: said(
        'Bulk endpoints of a device of its own, over WebUSB.',
        map({
          ...USB_DEVICE,
          ...SERIAL_NUMBER,
          interface: whole(0, 255),
          zero_length_packet: flag,
          framing: ref('framing'),
        }),
      ),
      identity: said('What the answer to the identity query must match.', ref('pattern')),
      identity_query: neededText(200),
      reset_on_open: ref('duration'),
    }),
    // One of them; that there is only one the reader sees.
    anyOf: WIRES.map((wire) => ({ required: [wire] })),
  },
};
