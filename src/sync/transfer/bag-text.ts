/**
 * The text files of a bag: manifests and bag-info.txt, written and read back.
 *
 * Pure. A line that cannot be read is left out: the hashes above say whether that matters.
 */
export type BagKind = 'runs' | 'receipt';

export interface BagFacts {
  readonly kind: BagKind;
  /** Who made it. */
  readonly station: string;
  readonly madeAt: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly runs: number;
}

const KINDS: readonly string[] = ['runs', 'receipt'] satisfies BagKind[];

export function writeManifest(hashes: ReadonlyMap<string, string>): string {
  return [...hashes].map(([path, hash]) => `${hash}  ${path}\n`).join('');
}

/** @returns hash by path */
export function parseManifest(text: string): Map<string, string> {
  const hashes = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, hash, path] = /^([0-9a-f]{64}) {2}(\S.*)$/.exec(line) ?? [];
    if (hash !== undefined && path !== undefined) hashes.set(path, hash);
  }
  return hashes;
}

export function writeInfo(facts: BagFacts, format: number, oxum: string): string {
  const lines: readonly (readonly [string, string | number])[] = [
    ['Bagging-Date', facts.madeAt.slice(0, 10)],
    ['Payload-Oxum', oxum],
    ['Fieldbench-Format', format],
    ['Fieldbench-Kind', facts.kind],
    ['Fieldbench-Station', facts.station],
    ['Fieldbench-Made-At', facts.madeAt],
    ['Fieldbench-Runs', facts.runs],
    ['Fieldbench-First-Seq', facts.firstSeq],
    ['Fieldbench-Last-Seq', facts.lastSeq],
  ];
  return lines.map(([label, value]) => `${label}: ${value}\n`).join('');
}

export interface Info {
  /** null when it is not the info of one of our bags. */
  readonly facts: BagFacts | null;
  readonly format: number | undefined;
  readonly oxum: string;
}

export function parseInfo(text: string): Info {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(': ');
    if (colon > 0) values.set(line.slice(0, colon), line.slice(colon + 2).trim());
  }
  const count = (label: string) => {
    const value = values.get(label) ?? '';
    return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
  };
  const [kind, station, madeAt] = ['Kind', 'Station', 'Made-At'].map(
    (label) => values.get(`Fieldbench-${label}`) ?? '',
  );
  const [runs, firstSeq, lastSeq] = ['Runs', 'First-Seq', 'Last-Seq'].map((label) => count(`Fieldbench-${label}`));
  const isWhole =
    KINDS.includes(kind!) &&
    station !== '' &&
    Number.isFinite(Date.parse(madeAt!)) &&
    runs !== undefined &&
    firstSeq !== undefined &&
    lastSeq !== undefined;
  return {
    facts: isWhole ? { kind: kind as BagKind, station: station!, madeAt: madeAt!, firstSeq, lastSeq, runs } : null,
    format: count('Fieldbench-Format'),
    oxum: values.get('Payload-Oxum') ?? '',
  };
}
