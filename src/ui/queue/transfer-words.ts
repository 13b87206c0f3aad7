/**
 * What came of a file of the air gap, as a person reads it. Pure; knows nothing of components.
 */
import type { ExportedFile, OpenedFile, TransferFile, TransferResult } from '#engine/link/transfer-link.ts';
import type { OpenedFolder } from '#engine/link/folder-link.ts';
import type { Word } from '#engine/link/station-link.ts';
import { counted } from '#ui/parts/words.ts';

export interface Said {
  /** Stable, for tests: a code of the problem, or `exported`, `receipt`, `opened`, `not-kept`. */
  readonly code: string;
  readonly tone: 'good' | 'warning' | 'error';
  readonly title: string;
  readonly lines: readonly string[];
}

/** More of them say nothing new. */
const MOST_PROBLEMS = 5;

const RUN_WORDS: readonly (readonly [TransferResult, string])[] = [
  ['new', 'new'],
  ['delivered', 'marked as delivered'],
  ['known', 'already known'],
  ['foreign', 'of another station'],
  ['damaged', 'damaged'],
];

export function saidOfExport({ name, runs, left }: ExportedFile, asCodes: boolean): Said {
  const them = runs === 1 ? 'It stays' : 'They stay';
  const rest = asCodes
    ? `${counted(left, 'run')} more: show QR codes again for the next ones, or export them as a file.`
    : `${counted(left, 'run')} did not fit: export again for the next file.`;
  return {
    code: 'exported',
    tone: 'good',
    title: asCodes ? `${counted(runs, 'run')} shown as QR codes` : `${counted(runs, 'run')} in ${name}`,
    lines: [
      ...(left > 0 ? [rest] : []),
      `${asCodes ? '' : 'Open this file at another station. '}${them} here until a receipt comes back or the upload succeeds here.`,
    ],
  };
}

export function saidOfReceipt(origin: string, { name, runs }: TransferFile, asCodes: boolean): Said {
  return {
    code: 'receipt',
    tone: 'good',
    title: `Receipt for ${counted(runs, 'run')} ${asCodes ? 'shown as QR codes' : `in ${name}`}`,
    lines: [
      asCodes
        ? `${origin} marks its runs as delivered once it has read them all.`
        : `Take it to ${origin} and open it there.`,
    ],
  };
}

export function saidOfNotKept(): Said {
  return { code: 'not-kept', tone: 'warning', title: 'No file was saved', lines: ['The runs wait here as before.'] };
}

export function saidOfFault({ code, message, remedy }: Word, name?: string): Said {
  return { code, tone: 'error', title: name ? `${name}: ${message}` : message, lines: [remedy] };
}

export function saidOfOpened(name: string, { kind, station, refusal, runs, problems }: OpenedFile): Said {
  if (refusal) return saidOfFault(refusal, name);
  const found = RUN_WORDS.flatMap(([result, word]) => {
    const count = runs.filter((run) => run.result === result).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  const fresh = runs.some(({ result }) => result === 'new');
  const isSound = problems.every(({ code }) => code === 'late');
  return {
    code: isSound ? 'opened' : (problems.find(({ code }) => code !== 'late')?.code ?? 'opened'),
    tone: isSound ? 'good' : 'warning',
    title: `${kind === 'receipt' ? 'Receipt' : 'Runs'} from ${station}: ${found.join(', ') || 'none'}`,
    lines: [
      ...(fresh
        ? [`They are sent from here under the name of ${station}. Write a receipt when they have arrived.`]
        : []),
      ...told(problems),
    ],
  };
}

/** What came of all files of a folder. */
export function saidOfFolder({ folder, files, counts, stations, questions, problems }: OpenedFolder): Said {
  const found = RUN_WORDS.flatMap(([result, word]) => (counts[result] === 0 ? [] : [`${counts[result]} ${word}`]));
  const isSound = problems.length === 0 && questions.length === 0;
  const first = problems[0]?.code ?? 'other-key';
  return {
    code: files === 0 ? 'folder-empty' : isSound ? 'opened' : first,
    tone: files > 0 && isSound ? 'good' : 'warning',
    title: `${counted(files, 'file')} in “${folder}”: ${found.join(', ') || 'no runs'}`,
    lines: [
      ...(files === 0 ? ['No file of a station lies in this folder.'] : []),
      ...(counts.new > 0
        ? [`New ones are looked up at TofuPilot and sent under the name of ${stations.join(', ')}.`]
        : []),
      ...questions.map(
        ({ station, fingerprint }) =>
          `${station} has signed some of them with another key than before: ${fingerprint}. Compare it before you accept it.`,
      ),
      ...told(problems),
    ],
  };
}

function told(problems: readonly Pick<Word, 'message' | 'remedy'>[]): string[] {
  return [
    ...problems.slice(0, MOST_PROBLEMS).map(({ message, remedy }) => `${message} ${remedy}`),
    ...(problems.length > MOST_PROBLEMS ? [`And ${problems.length - MOST_PROBLEMS} more like these.`] : []),
  ];
}
