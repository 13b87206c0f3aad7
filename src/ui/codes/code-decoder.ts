/**
 * Finds codes in a picture: with the browser's own reader where it has one, else QR codes with one in JavaScript.
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

const QR = 'qr_code';
/** What is printed on units beside it. */
const ON_LABELS = [
  'data_matrix',
  'code_128',
  'code_39',
  'code_93',
  'codabar',
  'itf',
  'ean_13',
  'ean_8',
  'upc_a',
  'upc_e',
  'pdf417',
  'aztec',
];

/** `qr`: one code that this app has made; `labels`: whatever is on a unit. */
export type Kinds = 'qr' | 'labels';

export type Decode = (
  source: HTMLVideoElement | ImageBitmap,
  size: { readonly width: number; readonly height: number },
) => Promise<readonly string[]>;

/** Whether more than QR codes can be read here. */
export async function readsLabels(): Promise<boolean> {
  return (await ownFormats('labels')).some((format) => format !== QR);
}

/** Those of the browser's own reader; none where it has none for QR codes, which everybody needs. */
async function ownFormats(kinds: Kinds): Promise<string[]> {
  const { BarcodeDetector } = globalThis as Detectors;
  const able = (await BarcodeDetector?.getSupportedFormats()) ?? [];
  const wanted = kinds === 'qr' ? [QR] : [QR, ...ON_LABELS];
  return able.includes(QR) ? wanted.filter((format) => able.includes(format)) : [];
}

/** @param patienceMs after this a picture is given up, so that the screen stays alive */
export async function openDecoder(patienceMs: number, kinds: Kinds = 'qr'): Promise<Decode> {
  const { BarcodeDetector } = globalThis as Detectors;
  const formats = await ownFormats(kinds);
  if (BarcodeDetector && formats.length > 0) {
    const detector = new BarcodeDetector({ formats });
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
