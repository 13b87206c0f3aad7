/**
 * What page and bench worker say to each other about the station's barcode scanners; part of station-link.ts.
 *
 * Plain data only. Knows nothing of how a code is read; what was scanned is news of its own.
 */
export interface ScannerView {
  readonly id: string;
  /** `0c2e:0901`; empty for a port that is not on USB. */
  readonly usb: string;
  readonly baudRate: number;
  readonly state: 'ready' | 'missing' | 'busy' | 'permission';
  /** What is wrong, and what to do; empty when it is ready. */
  readonly message: string;
  readonly remedy: string;
  /** The last code since the station was started, and when it came (ms since 1970); null before the first. A badge's is not told. */
  readonly last: { readonly text: string | null; readonly atMs: number } | null;
}

/** The port that a person chose in the browser's chooser, by what can be seen of it. */
export interface ScannerWish {
  readonly usb: string;
  readonly baudRate: number;
}

export interface ScannerCommands {
  /** A port that a scanner has already gets this baud rate. Fails with a Fault when the right is lacking. */
  addScanner(wish: ScannerWish): void;
  /** Fails with a Fault when the right is lacking. */
  forgetScanner(id: string): void;
}
