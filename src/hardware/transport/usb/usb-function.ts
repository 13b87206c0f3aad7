/**
 * One function of a USB device: the interfaces that belong together, and their endpoints.
 *
 * Found by class and endpoints and never by a number that is assumed (pitfall 51). Pure: reads descriptors, opens nothing.
 */
import type { UsbAlternate, UsbConfiguration, UsbDeviceLike, UsbEndpoint } from '#hardware/transport/usb/usb-device.ts';

export interface UsbFunction {
  readonly configuration: number;
  /** Where class requests go; for a function of one interface the same as `data`. */
  readonly control: number;
  /** Has the bulk endpoints. */
  readonly data: number;
  readonly alternate: number;
  /** null: a printer that only takes. */
  readonly bulkIn: UsbEndpoint | null;
  readonly bulkOut: UsbEndpoint;
  readonly interruptIn: UsbEndpoint | null;
}

/** One that also answers. */
export interface TwoWayFunction extends UsbFunction {
  readonly bulkIn: UsbEndpoint;
}

/** Classes that WebUSB refuses to claim: audio, HID, mass storage, smart card, video, audio/video, wireless controller. */
const PROTECTED_CLASSES: readonly number[] = [0x01, 0x03, 0x08, 0x0b, 0x0e, 0x10, 0xe0];
const CDC_CONTROL = 0x02;
const CDC_ABSTRACT_CONTROL_MODEL = 0x02;
const CDC_DATA = 0x0a;
const APPLICATION_SPECIFIC = 0xfe;
const TEST_AND_MEASUREMENT = 0x03;
const PRINTER = 0x07;

/** USBTMC 1.0, table 43: class 0xFE, subclass 3; with or without USB488. */
export function usbtmcFunctions(device: UsbDeviceLike): TwoWayFunction[] {
  return bulkFunctions(
    device,
    ({ interfaceClass, interfaceSubclass }) =>
      interfaceClass === APPLICATION_SPECIFIC && interfaceSubclass === TEST_AND_MEASUREMENT,
  );
}

/** A control interface and, behind it, its data interface (CDC 1.2, 3.4.2: WebUSB does not show which are in union). */
export function cdcFunctions(device: UsbDeviceLike): TwoWayFunction[] {
  const data = bulkFunctions(device, ({ interfaceClass }) => interfaceClass === CDC_DATA);
  return controlInterfaces(device).flatMap(({ number, interruptIn }) => {
    const own = data.find((one) => one.data > number) ?? data.at(0);
    return own ? [{ ...own, control: number, interruptIn }] : [];
  });
}

/** Every interface that has both bulk endpoints and may be claimed. */
export function plainFunctions(device: UsbDeviceLike): TwoWayFunction[] {
  return bulkFunctions(device, ({ interfaceClass }) => !PROTECTED_CLASSES.includes(interfaceClass));
}

/** Printers with no way back (USB Printer Class 1.1, 4.2.1: protocol 1); one that has both ways is a plain function. */
export function oneWayPrinters(device: UsbDeviceLike): UsbFunction[] {
  const configuration = configurationOf(device);
  return (configuration?.interfaces ?? []).flatMap(({ interfaceNumber, alternates }) => {
    if (alternates.some((one) => endpoint(one, 'bulk', 'in'))) return [];
    const alternate = alternates.find((one) => one.interfaceClass === PRINTER && endpoint(one, 'bulk', 'out'));
    return alternate ? [functionOf(configuration!, interfaceNumber, alternate)] : [];
  });
}

function controlInterfaces(device: UsbDeviceLike): { number: number; interruptIn: UsbEndpoint | null }[] {
  return (configurationOf(device)?.interfaces ?? []).flatMap(({ interfaceNumber, alternates }) => {
    const alternate = alternates.find(
      (one) => one.interfaceClass === CDC_CONTROL && one.interfaceSubclass === CDC_ABSTRACT_CONTROL_MODEL,
    );
    return alternate ? [{ number: interfaceNumber, interruptIn: endpoint(alternate, 'interrupt', 'in') }] : [];
  });
}

function bulkFunctions(device: UsbDeviceLike, fits: (alternate: UsbAlternate) => boolean): TwoWayFunction[] {
  const configuration = configurationOf(device);
  return (configuration?.interfaces ?? []).flatMap(({ interfaceNumber, alternates }) => {
    for (const alternate of alternates) {
      const bulkIn = endpoint(alternate, 'bulk', 'in');
      if (!fits(alternate) || !bulkIn || !endpoint(alternate, 'bulk', 'out')) continue;
      return [{ ...functionOf(configuration!, interfaceNumber, alternate), bulkIn }];
    }
    return [];
  });
}

/** @param alternate one with a bulk OUT endpoint */
function functionOf(configuration: UsbConfiguration, number: number, alternate: UsbAlternate): UsbFunction {
  return {
    configuration: configuration.configurationValue,
    control: number,
    data: number,
    alternate: alternate.alternateSetting,
    bulkIn: endpoint(alternate, 'bulk', 'in'),
    bulkOut: endpoint(alternate, 'bulk', 'out')!,
    interruptIn: endpoint(alternate, 'interrupt', 'in'),
  };
}

/** The active one: switching to another does not work on Windows (49). */
function configurationOf(device: UsbDeviceLike): UsbConfiguration | undefined {
  return device.configuration ?? device.configurations[0];
}

function endpoint({ endpoints }: UsbAlternate, type: UsbEndpoint['type'], direction: 'in' | 'out'): UsbEndpoint | null {
  return endpoints.find((one) => one.type === type && one.direction === direction) ?? null;
}
