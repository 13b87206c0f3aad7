/** The wire of the usual fixture of these tests: a serial adapter, and who answers behind it. */
import type { BenchResource } from '#hardware/bench/plug.ts';

export const FIXTURE_WIRE = {
  kind: 'serial',
  usb: ['0403:6001'],
  baudRate: 115_200,
  dataBits: 8,
  stopBits: 1,
  parity: 'none',
  flowControl: 'none',
  terminator: '\n',
  identity: '^ACME,FX-1,',
  identityQuery: '*IDN?',
  resetOnOpenMs: 0,
} as const satisfies BenchResource;
