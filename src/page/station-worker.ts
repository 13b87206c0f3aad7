/**
 * The page's end of the bench worker: its news kept as one view, its calls as functions.
 *
 * Adds what only a window can do: the device chooser, and telling the worker when the world changed.
 */
import { Fault } from '#base/fault.ts';
import type { StationCommands, StationNews } from '#engine/link/station-link.ts';
import { connect } from '#engine/link/wire.ts';
import type { DeviceFilter, StationPort } from '#ui/station-port.ts';
import { registerBackgroundSync } from './background-sync.ts';
import { benchThread, benchWire } from './bench-thread.ts';
import { grantedDevices, usbIdOf, watchDevices } from './granted-devices.ts';
import { guardLeaving } from './leave-guard.ts';

export function startStation(): StationPort {
  const { call, on } = connect<StationCommands, StationNews>(benchWire);
  const guard = guardLeaving(window);
  on(guard.hear);
  on((news) => {
    if (news.kind === 'sealed') void registerBackgroundSync();
  });
  for (const [target, event] of [
    [window, 'online'],
    [window, 'offline'],
    [window, 'focus'],
    [window, 'pageshow'],
    [document, 'visibilitychange'],
  ] as const)
    target.addEventListener(event, () => void call.wake());
  // A page with an open port is never kept for going back, so whoever leaves has left.
  window.addEventListener('pagehide', ({ persisted }) => persisted || void call.leave());
  return {
    call,
    on,
    pairDevice: (reach, filters) => pairDevice(reach, filters, call),
    // Android has Web Serial for Bluetooth long before a wired port is seen there (39).
    serialReach: 'serial' in navigator && !navigator.userAgent.includes('Android') ? 'serial' : 'usb',
    devices: () => grantedDevices(call),
    onDevices: watchDevices,
    reload: () => location.reload(),
    restart: () => {
      guard.open();
      benchThread.terminate();
      location.reload();
    },
  };
}

/** One gesture, one chooser (19). A chooser that was closed without a choice is no error. */
async function pairDevice(
  reach: 'serial' | 'usb',
  filters: readonly DeviceFilter[],
  call: StationPort['call'],
): Promise<string | null> {
  if (!(reach in navigator))
    throw new Fault(
      'unsupported',
      `This browser has no ${reach === 'serial' ? 'Web Serial' : 'WebUSB'}.`,
      'Use Chrome or Edge, over HTTPS or on localhost.',
    );
  let chosen: string | null = null;
  try {
    chosen = usbIdOf(
      reach === 'serial'
        ? await navigator.serial.requestPort({ filters: filters.map(portFilter) })
        : await navigator.usb.requestDevice({ filters: [...filters] }),
    );
  } catch (thrown) {
    if (!(thrown instanceof DOMException && thrown.name === 'NotFoundError')) throw thrown;
  }
  await call.devicesChanged();
  return chosen;
}

/** The same in Web Serial's words. */
function portFilter({ vendorId, productId }: DeviceFilter): SerialPortFilter {
  return { usbVendorId: vendorId, ...(productId === undefined ? {} : { usbProductId: productId }) };
}
