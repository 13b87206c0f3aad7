/**
 * Reads QR codes out of pictures that a person has chosen: photographs of the other screen, or screenshots.
 *
 * Loaded when codes are read. Knows nothing of what a code means.
 */
import { openDecoder } from '#ui/codes/code-decoder.ts';

/** A code that fills a quarter of a photograph has as many pixels a module as one in front of a camera. */
const LONGEST_SIDE_PX = 2_000;
/** Nobody waits for the next picture of a file: each may be looked at longer than one of a camera. */
const PATIENCE_MS = 1_000;

/** @returns the names of those in which no code was found */
export async function readPhotos(
  files: readonly File[],
  onText: (text: string) => Promise<void>,
): Promise<readonly string[]> {
  const decode = await openDecoder(PATIENCE_MS);
  const without: string[] = [];
  for (const file of files) {
    const bitmap = await createImageBitmap(file).catch(() => null);
    const texts = bitmap ? await decode(bitmap, fitted(bitmap)) : [];
    bitmap?.close();
    if (texts.length === 0) without.push(file.name);
    for (const text of texts) await onText(text);
  }
  return without;
}

function fitted({ width, height }: ImageBitmap): { width: number; height: number } {
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(width, height));
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}
