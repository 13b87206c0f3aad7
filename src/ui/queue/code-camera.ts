/**
 * Reads QR codes from a camera: with the browser's own reader where it has one for them, else with one in JavaScript.
 *
 * Chromium has its own on Android, ChromeOS and macOS (docs/decisions/0007). Loaded when a camera is used. Knows nothing
 * of what a code means.
 */
import decodeQR from 'qr/decode.js';
import { Fault } from '#base/fault.ts';

/** Of Shape Detection; not in the DOM library yet. */
interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
interface Detectors {
  readonly BarcodeDetector?: {
    new (options: { formats: string[] }): Detector;
    getSupportedFormats(): Promise<string[]>;
  };
}

const FORMAT = 'qr_code';
/** A code that fills two thirds of it has six pixels a module. */
const VIDEO = { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } };
/** A picture without a code is given up after this, so that the screen stays alive. */
const PATIENCE_MS = 60;

type Read = (video: HTMLVideoElement) => Promise<readonly string[]>;

/**
 * Shows the camera in `video` and tells what it reads, each text once in a row, until `signal` aborts.
 * @throws {Fault} `camera-blocked`, `camera-missing`, `camera-failed`
 */
export async function readCodes(
  video: HTMLVideoElement,
  onText: (text: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const stream = await camera();
  try {
    video.srcObject = stream;
    await video.play();
    const read = await reader();
    for (let last = ''; !signal.aborted; await nextFrame(video, signal))
      for (const text of await read(video)) {
        if (signal.aborted || text === last) continue;
        last = text;
        await onText(text);
      }
  } catch (thrown) {
    if (!signal.aborted) throw asFault(thrown);
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}

async function camera(): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({ video: VIDEO, audio: false });
  } catch (thrown) {
    throw asFault(thrown);
  }
}

async function reader(): Promise<Read> {
  const { BarcodeDetector } = globalThis as Detectors;
  if ((await BarcodeDetector?.getSupportedFormats())?.includes(FORMAT)) {
    const detector = new BarcodeDetector!({ formats: [FORMAT] });
    return async (video) => (await detector.detect(video)).map(({ rawValue }) => rawValue);
  }
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  return async (video) => {
    const [width, height] = [video.videoWidth, video.videoHeight];
    if (width === 0 || height === 0) return [];
    [canvas.width, canvas.height] = [width, height];
    context.drawImage(video, 0, 0);
    try {
      return [decodeQR(context.getImageData(0, 0, width, height), { effort: Infinity, timeLimit: PATIENCE_MS })];
    } catch {
      // No code in this picture, or none that can be read: the next one comes at once.
      return [];
    }
  };
}

/** The camera's next picture, or the end. */
function nextFrame(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const asked = video.requestVideoFrameCallback(() => resolve());
    signal.addEventListener('abort', () => (video.cancelVideoFrameCallback(asked), resolve()), { once: true });
  });
}

function asFault(thrown: unknown): Fault {
  const scanner = 'A handheld scanner reads the codes as well.';
  switch (thrown instanceof DOMException ? thrown.name : '') {
    case 'NotAllowedError':
      return new Fault(
        'camera-blocked',
        'This browser may not use the camera.',
        `Allow it beside the address. ${scanner}`,
      );
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new Fault('camera-missing', 'This computer has no camera.', scanner);
    default:
      return new Fault('camera-failed', 'The camera does not work.', `Close other programs that use it. ${scanner}`, {
        cause: thrown,
      });
  }
}
