/**
 * udev rules for exactly the fixtures' devices: who may open them, who keeps away, and which driver lets go.
 *
 * Pure. For Debian and Ubuntu, whose group of serial ports is dialout. Knows nothing of where the file goes.
 */
import type { FixtureDevices } from './fixture-devices.ts';

/** Drivers of the kernel that take what the page is to drive itself. */
const DRIVERS = ['usbtmc', 'usblp', 'cdc_acm', 'ftdi_sio', 'cp210x', 'ch341', 'pl2303'];

export function udevRules({ serial, usb }: FixtureDevices): string {
  const both = serial.filter((id) => usb.includes(id));
  const driven = usb.filter((id) => !both.includes(id));
  return [
    '# Fieldbench: the devices of this station, and no others. Written by `fieldbench provision`.',
    '# A number below 73, so that udev still turns the tag uaccess into a permission for who sits at the screen.',
    ...serial.flatMap(serialRules),
    ...usb.flatMap(usbRules),
    ...driven.map(unbindRule),
    ...both.map((id) => `# ${id} is both on a serial port and driven by the page: its driver keeps it.`),
    '',
  ].join('\n');
}

function serialRules(id: string): string[] {
  return [
    '',
    `# ${id} on a serial port.`,
    `SUBSYSTEM=="tty", ${owner(id)}, GROUP="dialout", MODE="0660", TAG+="uaccess", ENV{ID_MM_PORT_IGNORE}="1"`,
    `SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ${own(id)}, ENV{ID_MM_DEVICE_IGNORE}="1"`,
  ];
}

function usbRules(id: string): string[] {
  return [
    '',
    `# ${id} driven by the page.`,
    `SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ${own(id)}, GROUP="dialout", MODE="0660", TAG+="uaccess", ` +
      'ENV{ID_MM_DEVICE_IGNORE}="1"',
  ];
}

/** As soon as a driver takes an interface of it, the driver is told to let go. */
function unbindRule(id: string): string {
  return (
    `ACTION=="bind", SUBSYSTEM=="usb", DRIVER=="${DRIVERS.join('|')}", ${owner(id)}, ` +
    `RUN+="/bin/sh -c 'echo %k > /sys/bus/usb/drivers/%E{DRIVER}/unbind'"`
  );
}

/** Of the device itself. */
function own(id: string): string {
  return match(id, 'ATTR');
}

/** Of the device above a port or an interface. */
function owner(id: string): string {
  return match(id, 'ATTRS');
}

function match(id: string, attribute: 'ATTR' | 'ATTRS'): string {
  const [vendor = '', product = ''] = id.split(':');
  const ofVendor = `${attribute}{idVendor}=="${vendor}"`;
  return product === '*' ? ofVendor : `${ofVendor}, ${attribute}{idProduct}=="${product}"`;
}
