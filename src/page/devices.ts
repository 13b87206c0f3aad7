/**
 * The serial ports and USB devices that this browser lets this app use: how a person chooses one, and takes that back.
 *
 * Asked of the window, because a grant belongs to the address and not to the worker; the worker finds by itself what has
 * changed. Above: station-worker.ts, which loads this when a screen wants it. Knows nothing of plugs.
 */
import { Fault } from '#base/fault.ts';
import { usbId } from '#hardware/transport/usb-id.ts';
import type { DeviceFilter, GrantedDevice, StationPort } from '#ui/station-port.ts';

type Granted = Omit<GrantedDevice, 'forget'> & { readonly source: SerialPort | USBDevice };

/** @throws {Fault} `permission-needed` when the browser refuses to say */
export async function grantedDevices(
  call: Pick<StationPort['call'], 'beforeForget' | 'devicesChanged'>,
): Promise<GrantedDevice[]> {
  return (await granted()).map((one) => {
    const { source: _, ...device } = one;
    return { ...device, forget: () => forget(one, call) };
  });
}

async function granted(): Promise<Granted[]> {
  try {
    const [ports, devices] = await Promise.all([navigator.serial?.getPorts() ?? [], navigator.usb?.getDevices() ?? []]);
    return [...ports.map(ofPort), ...devices.map(ofDevice)];
  } catch (thrown) {
    throw new Fault(
      'permission-needed',
      'The browser does not say which devices it lets this app use.',
      'Allow serial ports and USB devices for this site, in the browser or by policy.',
      { cause: thrown },
    );
  }
}

/** `0403:6001`; empty for a port that is not on USB. */
function usbIdOf(source: SerialPort | USBDevice): string {
  if ('vendorId' in source) return usbId(source.vendorId, source.productId);
  const { usbVendorId, usbProductId = 0 } = source.getInfo();
  return usbVendorId === undefined ? '' : usbId(usbVendorId, usbProductId);
}

function ofPort(source: SerialPort): Granted {
  // Chrome lists what is plugged in; the older ones that it still lists have no `connected`.
  return {
    reach: 'serial',
    usb: usbIdOf(source),
    name: '',
    serialNumber: '',
    isConnected: source.connected ?? true,
    source,
  };
}

function ofDevice(source: USBDevice): Granted {
  const { productName, manufacturerName, serialNumber } = source;
  const name = [manufacturerName, productName].filter(Boolean).join(' ');
  return {
    reach: 'usb',
    usb: usbIdOf(source),
    name,
    serialNumber: serialNumber ?? '',
    isConnected: true,
    source,
  };
}

/** @throws {Fault} those of `beforeForget`; `policy` when the grant is not this browser's to take back */
async function forget(
  device: Granted,
  call: Pick<StationPort['call'], 'beforeForget' | 'devicesChanged'>,
): Promise<void> {
  await call.beforeForget();
  const before = await countOf(device);
  await device.source.forget();
  await call.devicesChanged();
  if ((await countOf(device)) >= before)
    throw new Fault(
      'policy',
      'The device is still allowed: a policy of this computer grants it.',
      'Whoever manages this computer can take it out of the policy.',
    );
}

/** A port that is granted again is another object, so they are counted. */
async function countOf({ reach, usb, serialNumber }: Granted): Promise<number> {
  const same = (one: Granted) => one.reach === reach && one.usb === usb && one.serialNumber === serialNumber;
  return (await granted()).filter(same).length;
}

/** One gesture, one chooser (19). A chooser that was closed without a choice is no error. */
export async function pairDevice(
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
