/**
 * Finds QR codes in a picture: with the browser's own reader where it has one for them, else with one in JavaScript.
 *
 * Chromium has its own on Android, ChromeOS and macOS (docs/decisions/0007). Loaded when codes are read. Knows nothing of
 * cameras and files, and nothing of what a code means.
 */
import decodeQR from 'qr/decode.js';

/** Of Shape Detection; not in the DOM library yet. */
interface Detector {
  detect(source: HTMLVideoElement | ImageBitmap): Promise<readonly { readonly rawValue: string }[]>;
}
interface Detectors {
  readonly BarcodeDetector?: {
    new (options: { formats: string[] }): Detector;
    getSupportedFormats(): Promise<string[]>;
  };
}

const FORMAT = 'qr_code';

export type Decode = (
  source: HTMLVideoElement | ImageBitmap,
  size: { readonly width: number; readonly height: number },
) => Promise<readonly string[]>;

/** @param patienceMs after this a picture is given up, so that the screen stays alive */
export async function openDecoder(patienceMs: number): Promise<Decode> {
  const { BarcodeDetector } = globalThis as Detectors;
  if ((await BarcodeDetector?.getSupportedFormats())?.includes(FORMAT)) {
    const detector = new BarcodeDetector!({ formats: [FORMAT] });
    return async (source) => (await detector.detect(source)).map(({ rawValue }) => rawValue);
  }
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  return async (source, { width, height }) => {
    if (width === 0 || height === 0) return [];
    [canvas.width, canvas.height] = [width, height];
    context.drawImage(source, 0, 0, width, height);
    try {
      return [decodeQR(context.getImageData(0, 0, width, height), { effort: Infinity, timeLimit: patienceMs })];
    } catch {
      // No code in this picture, or none that can be read.
      return [];
    }
  };
}
