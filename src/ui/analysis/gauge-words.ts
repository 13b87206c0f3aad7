/** A gauge study in sentences, by the guide of the AIAG manual. Pure. */
import type { AnovaRow } from '#analysis/gauge/gauge-anova.ts';
import {
  type GaugeResult,
  gaugeVerdict,
  LEAST_CATEGORIES,
  ofStudy,
  ofTolerance,
  type GaugeVerdict,
} from '#analysis/gauge/gauge-result.ts';
import { shareText } from './number-words.ts';

export const SOURCE_NAMES: Readonly<Record<AnovaRow['source'], string>> = {
  operator: 'Operators',
  part: 'Parts',
  interaction: 'Operators by parts',
  repeatability: 'Repeatability',
  total: 'Total',
};

const VERDICTS: Readonly<Record<GaugeVerdict, string>> = {
  good: 'under a tenth: a good gauge.',
  limited: 'between a tenth and three tenths: it may do, depending on what it is used for.',
  poor: 'over three tenths: the gauge must be improved before its readings decide anything.',
};

export interface GaugeSentence {
  readonly text: string;
  readonly tone: GaugeVerdict;
}

export function gaugeWords(result: GaugeResult, tolerance: number | null): GaugeSentence[] {
  const sentences: GaugeSentence[] = [];
  const say = (share: number | null, of: string) => {
    if (share === null) return;
    const tone = gaugeVerdict(share);
    sentences.push({ tone, text: `The gauge is ${shareText(share)} of the ${of}, ${VERDICTS[tone]}` });
  };
  say(ofTolerance(result.grr, tolerance), 'tolerance');
  say(ofStudy(result.grr, result), 'spread of this study');
  if (result.grr === 0)
    sentences.push({
      tone: 'limited',
      text: 'No reading of a part differs from another: the gauge is better than its resolution can show, or it does not measure.',
    });
  else if (result.ndc !== null) {
    const isEnough = result.ndc >= LEAST_CATEGORIES;
    sentences.push({
      tone: isEnough ? 'good' : 'limited',
      text: `It tells ${result.ndc} categories of these parts apart${isEnough ? '.' : `; ${LEAST_CATEGORIES} are the least that follow a process.`}`,
    });
  }
  if (result.av === null)
    sentences.push({ tone: 'limited', text: 'One operator only: whether people measure differently is not known.' });
  if ((result.interaction ?? 0) > 0)
    sentences.push({
      tone: 'limited',
      text: 'Operators measure some parts differently: look at how those are put into the fixture.',
    });
  return sentences;
}
