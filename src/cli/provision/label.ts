/**
 * The label of a station, to be printed: its name in large letters, and its enrolment link as a QR code.
 *
 * An SVG of 100 by 62 mm, black on white, with no font of its own. Below: the package qr. Knows nothing of printers.
 */
import encodeQR from 'qr';
import type { StationPlan } from './station-plan.ts';
import { escapedXml } from './xml-text.ts';

const WIDTH_MM = 100;
const HEIGHT_MM = 62;
/** With its quiet zone. */
const CODE_MM = 60;
const EDGE_MM = 1;
const TEXT_AT_MM = EDGE_MM + CODE_MM;
const TEXT_MM = WIDTH_MM - TEXT_AT_MM - EDGE_MM;
/** A letter of a bold sans-serif is about this much of its size wide. */
const LETTER = 0.62;

export function stationLabel({ station, origin, enrolment, secret }: StationPlan): string {
  const code = enrolment ?? `${origin}/`;
  const [site = '', line = '', number = ''] = station.split('-');
  const below = enrolment
    ? ['Scan to enrol.', `Holds this station’s ${secret}:`, 'take it off afterwards.']
    : ['Scan to open.', 'Enrol by hand.'];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH_MM}mm" height="${HEIGHT_MM}mm" viewBox="0 0 ${WIDTH_MM} ${HEIGHT_MM}">
<title>Fieldbench station ${escapedXml(station)}</title>
<rect width="${WIDTH_MM}" height="${HEIGHT_MM}" fill="#fff"/>
${codePath(code)}
<g font-family="Helvetica, Arial, sans-serif" fill="#000">
${text([site, line], 12, 5.5)}
${text([number], 28, 13)}
${text([new URL(origin).host], 40, 3.2)}
${below.map((words, at) => text([words], 48 + at * 4, 3)).join('\n')}
</g>
</svg>
`;
}

/** In one path: modules that touch leave no seams between them, whatever prints them. */
function codePath(code: string): string {
  const modules = encodeQR(code, 'raw', { ecc: 'medium', border: 4 });
  const size = CODE_MM / modules.length;
  const top = (HEIGHT_MM - CODE_MM) / 2;
  const rows = modules.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return `<path transform="translate(${EDGE_MM} ${top}) scale(${Number(size.toFixed(6))})" fill="#000" d="${rows.join('')}"/>`;
}

/** As large as asked, or as fits. */
function text(words: readonly string[], yMm: number, sizeMm: number): string {
  const content = words.filter(Boolean).join(' ');
  const fits = Math.min(sizeMm, TEXT_MM / (LETTER * Math.max(1, content.length)));
  const weight = sizeMm > 5 ? ' font-weight="700"' : '';
  return `<text x="${TEXT_AT_MM}" y="${yMm}" font-size="${Number(fits.toFixed(3))}"${weight}>${escapedXml(content)}</text>`;
}
