/**
 * Two ways of doing the same work, side by side in the same run, told as a ratio.
 *
 * Rounds alternate between ours and the peer, so that whatever else the machine does hits both. Never a timed test:
 * a number is reported, with its spread, against the bound that it should keep.
 */
export interface Result {
  readonly name: string;
  readonly unit: string;
  /** Median over the rounds. */
  readonly ours: number;
  readonly peer: number;
  readonly peerName: string;
  /** Median of ours / peer, round by round, with the smallest and the largest. */
  readonly ratio: number;
  readonly spread: readonly [low: number, high: number];
  /** What the project promises, in words. */
  readonly bound: string;
  readonly kept: boolean;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** @param rounds one pair of figures a round, in the same unit */
export function compare(
  facts: Pick<Result, 'name' | 'unit' | 'peerName' | 'bound'>,
  rounds: readonly { readonly ours: number; readonly peer: number }[],
  keeps: (result: { ratio: number; ours: number }) => boolean,
): Result {
  const ratios = rounds.map(({ ours, peer }) => ours / peer);
  const ours = median(rounds.map((round) => round.ours));
  const ratio = median(ratios);
  return {
    ...facts,
    ours,
    peer: median(rounds.map((round) => round.peer)),
    ratio,
    spread: [Math.min(...ratios), Math.max(...ratios)],
    kept: keeps({ ratio, ours }),
  };
}
