/** Barcode scanners on serial ports: ready and tried, ready and not, gone, held by something else. */
import type { ScannerView } from '#engine/link/scanner-link.ts';
import { READY } from './samples.ts';
import type { Scene } from './scene.ts';

const SCANNER: ScannerView = {
  id: 's1',
  usb: '0c2e:0901',
  baudRate: 9600,
  state: 'ready',
  message: '',
  remedy: '',
  last: null,
};

export const SCANNERS: readonly ScannerView[] = [
  { ...SCANNER, last: { text: ']C1010950600013435221A7\u001d10B2', atMs: new Date(2026, 10, 20, 6, 14, 9).getTime() } },
  { ...SCANNER, id: 's2', usb: '', baudRate: 115_200 },
  {
    ...SCANNER,
    id: 's3',
    usb: '05f9:4204',
    state: 'missing',
    message: 'It is gone.',
    remedy: 'Check its cable, or its cradle, and plug it in again.',
  },
  {
    ...SCANNER,
    id: 's4',
    usb: '1a86:7523',
    state: 'busy',
    message: 'The port (serial 1a86:7523) cannot be opened: another program or tab holds it, or it is not ready yet.',
    remedy:
      'Close other programs and tabs that use it. If there are none, this user may not open it (group dialout), or ModemManager or brltty is trying it: a udev rule keeps them away.',
  },
];

export const SCANNER_SCENES: Readonly<Record<string, Scene>> = {
  'fixtures-scanners': { path: '/fixtures', view: { ...READY, scanners: SCANNERS } },
  'fixtures-scanner-chosen': { path: '/fixtures', view: READY, chosen: '0c2e:0901' },
};
