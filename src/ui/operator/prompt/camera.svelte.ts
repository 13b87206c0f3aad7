/**
 * A camera of this machine: asked for, looked through, and a photograph taken of what it sees.
 *
 * Knows nothing of questions; CameraField.svelte has the elements.
 */
import type { AnsweredFile } from '#procedure/answer.ts';

/** Full HD: a label can be read on it, and it has a few hundred kilobytes. */
const LONGEST_SIDE_PX = 1920;
const QUALITY = 0.9;

export class Camera {
  #stream = $state.raw<MediaStream | null>(null);
  #trouble = $state.raw('');
  /** A start that the browser has not answered yet. */
  #starting: Promise<void> | null = null;
  #isWanted = false;

  get stream(): MediaStream | null {
    return this.#stream;
  }

  /** Why there is no picture, in words. */
  get trouble(): string {
    return this.#trouble;
  }

  /** Whoever has allowed it once is not asked again, so it can start by itself. */
  async isAllowed(): Promise<boolean> {
    try {
      return (await navigator.permissions.query({ name: 'camera' as PermissionName })).state === 'granted';
    } catch {
      return false;
    }
  }

  /** Once, however often it is asked for: another stream would take the picture away from under the button. */
  async start(): Promise<void> {
    this.#isWanted = true;
    if (this.#stream === null) await (this.#starting ??= this.#ask().finally(() => (this.#starting = null)));
  }

  async #ask(): Promise<void> {
    this.#trouble = '';
    try {
      // The one that looks away from whoever holds the tablet.
      const video = { facingMode: 'environment', width: { ideal: LONGEST_SIDE_PX } };
      const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
      // Nobody wants it any more: the light beside the lens must not stay on.
      if (this.#isWanted) this.#stream = stream;
      else end(stream);
    } catch (thrown) {
      this.#trouble = troubleOf(thrown);
    }
  }

  stop(): void {
    this.#isWanted = false;
    end(this.#stream);
    this.#stream = null;
  }
}

function end(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function troubleOf(thrown: unknown): string {
  const name = thrown instanceof DOMException ? thrown.name : '';
  if (name === 'NotAllowedError')
    return 'The browser may not use the camera. Allow it beside the address, or choose a picture.';
  if (name === 'NotFoundError') return 'This machine has no camera. Choose a picture instead.';
  if (name === 'NotReadableError') return 'Another program has the camera. Close it, or choose a picture.';
  return 'The camera cannot be used. Choose a picture instead.';
}

/** What an element shows now, as a JPEG. @returns null where it shows nothing yet */
export async function photographOf(
  source: HTMLVideoElement | ImageBitmap,
  size: { readonly width: number; readonly height: number },
): Promise<AnsweredFile | null> {
  const { width, height } = size;
  if (width === 0 || height === 0) return null;
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(width, height));
  const canvas = new OffscreenCanvas(Math.round(width * scale), Math.round(height * scale));
  canvas.getContext('2d')?.drawImage(source, 0, 0, canvas.width, canvas.height);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
  return { contentType: blob.type, bytes: new Uint8Array(await blob.arrayBuffer()) };
}

/** A picture that a person has chosen, made as small as a photograph. @throws for what is no picture */
export async function photographOfFile(file: Blob): Promise<AnsweredFile | null> {
  const bitmap = await createImageBitmap(file);
  try {
    return await photographOf(bitmap, bitmap);
  } finally {
    bitmap.close();
  }
}
