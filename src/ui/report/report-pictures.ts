/**
 * A value on its limits, and a curve, as pictures in a report: shapes only, each told in words beside it.
 *
 * Above: report-phases.ts. The numbers come from where the screens have theirs.
 */
import type { AxisRecord, MeasurementRecord } from '#record/run-record.ts';
import { curvePicture } from '#ui/parts/curve-picture.ts';
import { curveWords } from '#ui/parts/curve-words.ts';
import { spanOf } from '#record/validator-span.ts';
import { placesOf } from '#ui/parts/limit.ts';
import { html, type Html } from '#ui/report/html.ts';

/** Units of the pictures' own boxes; they stretch to their rooms. */
const SCALE = { width: 100, height: 14 };
const CURVE = { width: 900, height: 180 };

/** @returns null where there is nothing that could be drawn */
export function scalePicture({ measured_value: value, validators, outcome }: MeasurementRecord): Html | null {
  const span = spanOf(validators);
  if (typeof value !== 'number' || !Number.isFinite(value) || !span) return null;
  const { low, high, value: at } = placesOf(value, span);
  const x = (place: number) => (place * SCALE.width).toFixed(1);
  const limit = (place: number) =>
    html`<line class="limit" x1="${x(place)}" x2="${x(place)}" y1="0" y2="${SCALE.height}" />`;
  return html`<svg viewBox="0 0 ${SCALE.width} ${SCALE.height}" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" width="${SCALE.width}" height="${SCALE.height}" />
    <rect class="span" x="${x(low)}" width="${x(high - low)}" height="${SCALE.height}" />
    ${span.low !== null && limit(low)}${span.high !== null && limit(high)}
    <rect
      class="${outcome === 'FAIL' ? 'mark out' : 'mark'}"
      x="${x(at - 0.012)}"
      width="2.4"
      height="${SCALE.height}"
    />
  </svg>`;
}

export function curveFigure(x: AxisRecord | undefined, y: AxisRecord): Html {
  const picture = curvePicture(x, y, CURVE);
  const words = curveWords(x, y, picture);
  if (!picture) return html`<p>${words}</p>`;
  return html`<figure class="curve">
    <svg viewBox="0 0 ${CURVE.width} ${CURVE.height}" preserveAspectRatio="none" aria-hidden="true">
      ${picture.bands.map((band) => html`<path class="band" d="${band}" />`)}
      <path class="line" d="${picture.line}" />
      ${picture.misses !== '' && html`<path class="miss" d="${picture.misses}" />`}
    </svg>
    <figcaption>${words}</figcaption>
  </figure>`;
}
