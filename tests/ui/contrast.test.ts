/**
 * The tokens' contrast, computed from tokens.css itself: 7 : 1 for what an operator reads, 4.5 : 1 elsewhere, 3 : 1 for
 * edges and marks; and outcomes that differ in lightness, so that they hold on a grey monitor.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const TOKENS = readFileSync(new URL('../../src/ui/theme/tokens.css', import.meta.url), 'utf8');
type Oklch = readonly [lightness: number, chroma: number, hue: number];

function token(name: string, theme: 'light' | 'dark'): Oklch {
  const one = 'oklch\\(([\\d.]+)% ([\\d.]+) ([\\d.]+)\\)';
  const found = new RegExp(`--${name}: light-dark\\(${one}, ${one}\\);`).exec(TOKENS);
  if (!found) throw new Error(`tokens.css has no --${name}`);
  const numbers = found.slice(1).map(Number);
  const [lightness = 0, chroma = 0, hue = 0] = theme === 'light' ? numbers.slice(0, 3) : numbers.slice(3);
  return [lightness / 100, chroma, hue];
}

/** Linear sRGB, cut to what a screen can show. @see https://www.w3.org/TR/css-color-4/#color-conversion-code */
function linear([lightness, chroma, hue]: Oklch): [number, number, number] {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const cut = (channel: number) => Math.min(1, Math.max(0, channel));
  return [
    cut(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    cut(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    cut(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function luminance(color: Oklch): number {
  const [red, green, blue] = linear(color);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Oklch, other: Oklch): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

const OPERATOR = [
  ['ink', 'sheet'],
  ['ink', 'ground'],
  ['soft', 'sheet'],
  ['soft', 'ground'],
  ['pass', 'pass-room'],
  ['ink', 'pass-room'],
  ['on-fail', 'fail-room'],
  ['on-error', 'error-room'],
  ['timeout', 'timeout-room'],
  ['ink', 'timeout-room'],
  ['on-aborted', 'aborted-room'],
  ['run', 'run-room'],
  ['ink', 'run-room'],
  ['ground', 'ink'],
  ['soft', 'run-room'],
  ['error', 'run-room'],
  ['pass', 'sheet'],
  ['fail', 'sheet'],
  ...(['red', 'orange', 'yellow', 'lime', 'green', 'sky', 'blue', 'violet', 'purple', 'pink'] as const).map(
    (name) => [`author-${name}`, 'run-room'] as const,
  ),
] as const;
const ELSEWHERE = [
  ...(['pass', 'fail', 'error', 'timeout', 'aborted', 'run'] as const).flatMap((name) => [
    [name, 'sheet'] as const,
    [name, 'ground'] as const,
  ]),
  ['soft', 'sunk'],
] as const;
const MARKS = [
  ['edge', 'sheet'],
  ['edge', 'ground'],
  ['good', 'ground'],
  ['good', 'sheet'],
  ['focus', 'sheet'],
  ['focus', 'ground'],
  ['ink', 'span'],
] as const;

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  test.each(OPERATOR)('an operator reads %s on %s', (text, ground) => {
    expect(contrast(token(text, theme), token(ground, theme))).toBeGreaterThanOrEqual(7);
  });
  test.each(ELSEWHERE)('anyone reads %s on %s', (text, ground) => {
    expect(contrast(token(text, theme), token(ground, theme))).toBeGreaterThanOrEqual(4.5);
  });
  test.each(MARKS)('%s stands out on %s', (mark, ground) => {
    expect(contrast(token(mark, theme), token(ground, theme))).toBeGreaterThanOrEqual(3);
  });
  test('PASS, FAIL and ERROR rooms differ on a grey monitor', () => {
    const greys = ['pass-room', 'fail-room', 'error-room'].map((name) => token(name, theme)[0]).sort((a, b) => a - b);
    const [low = 0, middle = 0, high = 0] = greys;
    expect(middle - low).toBeGreaterThanOrEqual(0.09);
    expect(high - middle).toBeGreaterThanOrEqual(0.09);
  });
});
