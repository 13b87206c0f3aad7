/**
 * The room's closed list of faults: why a file cannot be read as a run, where in it, and what to do.
 *
 * Knows nothing of who shows the sentence.
 */
import { Fault } from '#base/fault.ts';

export type ExchangeCode =
  /** Not JSON: cut, or another kind of file. */
  | 'not-json'
  /** JSON, and no run in a format that is known here. */
  | 'unknown-format'
  /** A known format with a value where it cannot be. */
  | 'shape';

export type ExchangeFault = Fault<ExchangeCode>;

const REMEDIES: Readonly<Record<ExchangeCode, string>> = {
  'not-json': 'Check that the file is whole, and that it is the one you mean.',
  'unknown-format':
    'Known are runs of Fieldbench, test records of OpenHTF, and the JSON files of TofuPilot’s offline guide.',
  shape: 'Correct this place in the file, or have the program that wrote it corrected.',
};

export function exchangeFault(code: ExchangeCode, message: string, cause?: unknown): ExchangeFault {
  return new Fault(code, message, REMEDIES[code], { cause });
}
