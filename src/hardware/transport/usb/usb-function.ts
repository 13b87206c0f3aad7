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
  readonly bulkIn: UsbEndpoint;
  readonly bulkOut: UsbEndpoint;
  readonly interruptIn: UsbEndpoint | null;
}

/** Classes that WebUSB refuses to claim: audio, HID, mass storage, smart card, video, audio/video, wireless controller. */
const PROTECTED_CLASSES: readonly number[] = [0x01, 0x03, 0x08, 0x0b, 0x0e, 0x10, 0xe0];
const CDC_CONTROL = 0x02;
const CDC_ABSTRACT_CONTROL_MODEL = 0x02;
const CDC_DATA = 0x0a;
const APPLICATION_SPECIFIC = 0xfe;
const TEST_AND_MEASUREMENT = 0x03;

/** USBTMC 1.0, table 43: class 0xFE, subclass 3; with or without USB488. */
export function usbtmcFunctions(device: UsbDeviceLike): UsbFunction[] {
  return bulkFunctions(
    device,
    ({ interfaceClass, interfaceSubclass }) =>
      interfaceClass === APPLICATION_SPECIFIC && interfaceSubclass === TEST_AND_MEASUREMENT,
  );
}

/** A control interface and, behind it, its data interface (CDC 1.2, 3.4.2: WebUSB does not show which are in union). */
export function cdcFunctions(device: UsbDeviceLike): UsbFunction[] {
  const data = bulkFunctions(device, ({ interfaceClass }) => interfaceClass === CDC_DATA);
  return controlInterfaces(device).flatMap(({ number, interruptIn }) => {
    const own = data.find((one) => one.data > number) ?? data.at(0);
    return own ? [{ ...own, control: number, interruptIn }] : [];
  });
}

/** Every interface that has both bulk endpoints and may be claimed. */
export function plainFunctions(device: UsbDeviceLike): UsbFunction[] {
  return bulkFunctions(device, ({ interfaceClass }) => !PROTECTED_CLASSES.includes(interfaceClass));
}

function controlInterfaces(device: UsbDeviceLike): { number: number; interruptIn: UsbEndpoint | null }[] {
  return (configurationOf(device)?.interfaces ?? []).flatMap(({ interfaceNumber, alternates }) => {
    const alternate = alternates.find(
      (one) => one.interfaceClass === CDC_CONTROL && one.interfaceSubclass === CDC_ABSTRACT_CONTROL_MODEL,
    );
    return alternate ? [{ number: interfaceNumber, interruptIn: endpoint(alternate, 'interrupt', 'in') }] : [];
  });
}

function bulkFunctions(device: UsbDeviceLike, fits: (alternate: UsbAlternate) => boolean): UsbFunction[] {
  const configuration = configurationOf(device);
  return (configuration?.interfaces ?? []).flatMap(({ interfaceNumber, alternates }) => {
    for (const alternate of alternates) {
      const bulkIn = endpoint(alternate, 'bulk', 'in');
      const bulkOut = endpoint(alternate, 'bulk', 'out');
      if (!fits(alternate) || !bulkIn || !bulkOut) continue;
      return [
        {
          configuration: configuration!.configurationValue,
          control: interfaceNumber,
          data: interfaceNumber,
          alternate: alternate.alternateSetting,
          bulkIn,
          bulkOut,
          interruptIn: endpoint(alternate, 'interrupt', 'in'),
        },
      ];
    }
    return [];
  });
}

/** The active one: switching to another does not work on Windows (49). */
function configurationOf(device: UsbDeviceLike): UsbConfiguration | undefined {
  return device.configuration ?? device.configurations[0];
}

function endpoint({ endpoints }: UsbAlternate, type: UsbEndpoint['type'], direction: 'in' | 'out'): UsbEndpoint | null {
  return endpoints.find((one) => one.type === type && one.direction === direction) ?? null;
}
