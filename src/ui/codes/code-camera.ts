/**
 * Reads codes from a camera of this machine, picture by picture, until it is told to stop.
 *
 * Loaded when codes are read. Knows nothing of how a code is found in a picture, and of what it means.
 */
import { Fault } from '#base/fault.ts';
import { type Kinds, openDecoder } from '#ui/codes/code-decoder.ts';

/** A code that fills two thirds of it has six pixels a module. */
const VIDEO = { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } };
/** A picture without a code is given up after this, so that the screen stays alive. */
const PATIENCE_MS = 100;

/**
 * Shows the camera in `video` and tells what it reads, each text once in a row, until `signal` aborts.
 * @throws {Fault} `camera-blocked`, `camera-missing`, `camera-failed`
 */
export async function readCodes(
  video: HTMLVideoElement,
  onText: (text: string) => Promise<void>,
  signal: AbortSignal,
  kinds: Kinds = 'qr',
): Promise<void> {
  const stream = await camera(kinds);
  try {
    video.srcObject = stream;
    await video.play();
    const decode = await openDecoder(PATIENCE_MS, kinds);
    let before: readonly string[] = [];
    for (let last = ''; !signal.aborted; await nextFrame(video, signal)) {
      const now = await decode(video, { width: video.videoWidth, height: video.videoHeight });
      // Some bar codes have no check of their own: what is on a unit must be read twice alike.
      const sure = kinds === 'labels' ? now.filter((text) => before.includes(text)) : now;
      before = now;
      for (const text of sure) {
        if (signal.aborted || text === last) continue;
        last = text;
        await onText(text);
      }
    }
  } catch (thrown) {
    if (!signal.aborted) throw asFault(thrown, kinds);
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}

async function camera(kinds: Kinds): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({ video: VIDEO, audio: false });
  } catch (thrown) {
    throw asFault(thrown, kinds);
  }
}

/** The camera's next picture, or the end. */
function nextFrame(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  // Whoever ended it has taken the video away, and that gives no picture any more.
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const asked = video.requestVideoFrameCallback(() => resolve());
    signal.addEventListener('abort', () => (video.cancelVideoFrameCallback(asked), resolve()), { once: true });
  });
}

function asFault(thrown: unknown, kinds: Kinds): Fault {
  const scanner =
    kinds === 'qr'
      ? 'A handheld scanner reads the codes as well, and so do pictures of them.'
      : 'A handheld scanner and the keyboard do as well.';
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
