/** Pictures among a run's files, inside the report itself, so that it needs no other file. */
import { html, type Html } from '#ui/report/html.ts';
import type { ReportFile } from '#ui/report/report-source.ts';

/** Bitmaps that every browser shows; what else calls itself a picture stays a name in the list. */
const BITMAPS = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
/** A report is to be sent by mail; larger pictures are files beside the run. */
export const LARGEST_IMAGE_BYTES = 3_000_000;
/** Arguments of one call; engines take at least 65,535. */
const SLICE_BYTES = 0x8000;

/** @returns null for a file that is none, or too large */
export function imageOf({ name, contentType, bytes }: ReportFile): Html | null {
  if (!BITMAPS.has(contentType) || bytes.length > LARGEST_IMAGE_BYTES) return null;
  return html`<figure>
    <img src="data:${contentType};base64,${base64(bytes)}" alt="${name}" />
    <figcaption>${name}</figcaption>
  </figure>`;
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += SLICE_BYTES)
    text += String.fromCharCode(...bytes.subarray(at, at + SLICE_BYTES));
  return btoa(text);
}
