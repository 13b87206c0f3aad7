/**
 * CRC-16/MODBUS: polynomial 0x8005 reflected, begins at 0xFFFF.
 *
 * Check value for `123456789`: 0x4B37 (Cook's catalogue of parametrised CRC algorithms). On the wire its low byte goes first.
 */
const POLYNOMIAL = 0xa001;

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  return crc;
});

export function crc16Modbus(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ TABLE[(crc ^ byte) & 0xff]!;
  return crc;
}
