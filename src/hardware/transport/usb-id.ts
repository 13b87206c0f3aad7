/**
 * USB ids as procedures write them: `0403:6001`, lower-case hexadecimal.
 *
 * Pure. Knows nothing of devices.
 */
export function usbId(vendorId: number, productId: number): string {
  return `${hex4(vendorId)}:${hex4(productId)}`;
}

function hex4(id: number): string {
  return id.toString(16).padStart(4, '0');
}
