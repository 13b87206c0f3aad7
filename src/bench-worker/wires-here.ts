/**
 * Which wires hold in this browser on this system, each with its condition and what to do: docs/reference/platforms.md as one
 * station sees it.
 *
 * Pure. Above: main.ts. Knows nothing of what is plugged in.
 */
import type { WireHere } from '#engine/link/fixture-link.ts';
import type { HostSystem } from '#hardware/transport/host-system.ts';

export interface BrowserFacts {
  readonly system: HostSystem;
  /** Over HTTPS or on localhost; elsewhere a browser shows no device to any page. */
  readonly isSecure: boolean;
  readonly hasSerial: boolean;
  readonly hasUsb: boolean;
}

type Judged = Pick<WireHere, 'holds' | 'why'>;
type Judge = (facts: BrowserFacts) => Judged;

const yes = (why: string): Judged => ({ holds: 'yes', why });
const onlyIf = (why: string): Judged => ({ holds: 'if', why });
const no = (why: string): Judged => ({ holds: 'no', why });

const INSECURE = no('The browser shows no device to this address. Open the station over HTTPS, or on localhost.');
const NO_USB = no('This browser has no WebUSB. Use Chrome or Edge.');
const PLAIN = 'Nothing to set up. Android asks once for each device.';

/** Where a driver of the system may have what the page is to drive. */
const OVER_USB = {
  usb_serial: {
    windows: onlyIf('Only an adapter that brings WinUSB by itself. “serial:” in the procedure needs nothing here.'),
    linux: onlyIf('Its kernel driver must let go, by a udev rule. “serial:” in the procedure is the better way here.'),
    other: onlyIf('Only an adapter that no driver has taken. “serial:” in the procedure needs nothing here.'),
  },
  usbtmc: {
    windows: no(
      'A VISA driver owns such instruments here, and the rest of the lab needs it. Use the instrument’s serial port, or a tablet.',
    ),
    linux: onlyIf('Two udev rules: the kernel’s usbtmc must let go, and the user must have the device.'),
    other: onlyIf('Where no driver of the instrument’s maker has taken it.'),
  },
  usb: {
    windows: onlyIf('A device that brings WinUSB by itself, or one for which it was installed.'),
    linux: onlyIf('The user must have the device, and a kernel driver must let go, both by a udev rule.'),
    other: onlyIf('Where no driver has taken the device.'),
  },
} as const;

const WIRES: readonly (Pick<WireHere, 'wire' | 'name'> & { readonly judge: Judge })[] = [
  { wire: 'serial', name: 'Serial ports', judge: serial },
  { wire: 'usb_serial', name: 'Serial adapters, driven by this page', judge: overUsb('usb_serial') },
  { wire: 'usbtmc', name: 'Bench instruments on USB (USBTMC)', judge: overUsb('usbtmc') },
  { wire: 'usb', name: 'Other USB devices', judge: overUsb('usb') },
];

export function wiresHere(facts: BrowserFacts): readonly WireHere[] {
  return WIRES.map(({ wire, name, judge }) => ({ wire, name, ...(facts.isSecure ? judge(facts) : INSECURE) }));
}

function serial({ system, hasSerial, hasUsb }: BrowserFacts): Judged {
  if (system === 'android')
    return hasUsb
      ? onlyIf('Driven by this page, as serial adapters below are; most tablets show a page no wired port.')
      : no('This browser shows no wired port. Use Chrome.');
  if (!hasSerial && hasUsb)
    return onlyIf('This browser has no Web Serial: driven by this page, as serial adapters below are.');
  if (!hasSerial) return no('This browser has no Web Serial. Use Chrome or Edge.');
  if (system === 'linux')
    return onlyIf(
      'The user of this computer must be in the group dialout, and ModemManager must leave the adapter alone.',
    );
  return yes('Nothing to set up.');
}

function overUsb(wire: keyof typeof OVER_USB): Judge {
  return ({ system, hasUsb }) => {
    if (!hasUsb) return NO_USB;
    if (system === 'android' || system === 'chromeos') return yes(PLAIN);
    return OVER_USB[wire][system === 'windows' || system === 'linux' ? system : 'other'];
  };
}
