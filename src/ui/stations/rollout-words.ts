/** How a rollout is told to people. Words only. */
import type { Comparison, RolloutReport } from '#fleet/health/rollout-report.ts';
import { counted } from '#ui/parts/words.ts';

const NAMES: Readonly<Record<Comparison['what'], string>> = {
  'first-pass-yield': 'First-pass yield',
  'error-rate': 'Error rate',
  duration: 'Passing run takes',
};
const WHY: Readonly<Record<Comparison['what'], string>> = {
  'first-pass-yield': 'fewer units pass at their first test than before',
  'error-rate': 'more runs end as ERROR than before',
  duration: 'passing runs take longer than before',
};

export function comparisonName({ what }: Comparison): string {
  return NAMES[what];
}

export function comparisonValue({ unit }: Comparison, value: number | null): string {
  if (value === null) return '–';
  return unit === 'ms' ? `${(value / 1000).toPrecision(2)} s` : `${(value * 100).toFixed(1)} %`;
}

/** How likely chance alone makes so much a difference. */
export function likelihood({ p }: Comparison): string {
  if (p === null) return 'too few';
  return p < 0.001 ? 'under 0.1 %' : `${(p * 100).toPrecision(2)} %`;
}

export function haltText({ halt, word, wentBack, to }: RolloutReport): string {
  const version = to.version || 'it';
  const why = halt?.reason && halt.reason !== 'errors-here' ? WHY[halt.reason] : null;
  const said = halt
    ? halt.by === 'person'
      ? `Halted by a person: ${word || 'no reason is given'}. Its stations have gone back.`
      : `${why ? `With ${version} ${why}` : `Three runs in a row ended as ERROR`}. Its stations go back to the release before; no ring is opened.`
    : '';
  const alone =
    wentBack.length > 0
      ? `${counted(wentBack.length, 'station')} went back after three errors in a row: ${wentBack.join(', ')}.`
      : '';
  return [said, alone].filter((text) => text !== '').join(' ');
}
