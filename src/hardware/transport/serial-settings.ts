/**
 * How a serial line is set, whoever drives it: Web Serial, or an adapter over WebUSB.
 *
 * Data only. Values are those that Web Serial takes (browser-hardware, 1.3).
 */
export interface SerialSettings {
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly stopBits: 1 | 2;
  readonly parity: 'none' | 'even' | 'odd';
  readonly flowControl: 'none' | 'hardware';
}
