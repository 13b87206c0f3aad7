/** What the operator is asked to do for an answer, in words. Pure. */
import type { AskView } from '#engine/link/people-link.ts';
import { say } from '#ui/operator/prompt/say.ts';

export interface AskWords {
  /** `Scan` or `Enter`; empty where the label says it. */
  readonly verb: string;
  readonly label: string;
  /** In the field: `Scan the label of Display`. */
  readonly prompt: string;
  /** Of the field, for who cannot see the room above it: `Display, 2 of 3`. */
  readonly name: string;
}

export function askWords({ label, kind, key, index, count }: AskView, languages?: readonly string[]): AskWords {
  const text = say(label, languages);
  const name = `${text}, ${index} of ${count}`;
  if (kind === 'approval') return { verb: '', label: text, prompt: 'Scan the badge of somebody who may', name };
  if (key === 'retest_reason') return { verb: '', label: text, prompt: 'Enter the reason', name };
  if (kind === 'text') return { verb: 'Enter', label: text, prompt: `Enter ${text}`, name };
  return {
    verb: 'Scan',
    label: text,
    prompt: kind === 'sub-unit' ? `Scan the label of ${text}` : `Scan ${text}`,
    name,
  };
}
