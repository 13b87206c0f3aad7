/**
 * What the overview costs of 100,000 kept runs, and one measurement of 20,000: everything that the screen shows, worked
 * out from facts that are there. The peer is the barest loop over the same runs, which counts units and passes, or adds
 * up values, and can say nothing else.
 */
import { capabilityOf } from '#analysis/charts/capability.ts';
import { histogramOf } from '#analysis/charts/histogram.ts';
import { brokenRules } from '#analysis/charts/nelson-rules.ts';
import { chooseRuns } from '#analysis/runs/choose-runs.ts';
import { groupRuns, overTime, stepFor } from '#analysis/runs/grouped.ts';
import { paceOf, phasePaces } from '#analysis/runs/pace.ts';
import { brokenRuns, paretoOf } from '#analysis/runs/pareto.ts';
import { calibrationStretches, driftOf, readingsOf } from '#analysis/runs/readings.ts';
import { USUAL_SHIFTS } from '#analysis/runs/shifts.ts';
import { rolledYield, yieldsOf } from '#analysis/runs/yields.ts';
import type { RunDetail, RunFacts } from '#record/run-facts.ts';
import { compare, type Result } from './measure.ts';

const ROUNDS = 9;
const RUNS = 100_000;
/** As many as the station keeps whole. */
const WHOLE = 20_000;
const PHASES = 12;
const SERIES = 50;
/** A person waits no longer than this for what a press has asked for. */
const LIMIT_MS = 500;

export async function run(): Promise<Result[]> {
  const runs = madeRuns();
  const whole = runs.slice(0, WHOLE);
  const facts = { unit: 'ms', bound: `under ${LIMIT_MS} ms` };
  const keeps = ({ ours }: { ours: number }) => ours < LIMIT_MS;
  const [overview, measurement] = [[], []] as { ours: number; peer: number }[][];
  for (let round = 0; round < ROUNDS; round += 1) {
    overview!.push({ ours: timed(() => overviewOf(runs)), peer: timed(() => bareCount(runs)) });
    measurement!.push({ ours: timed(() => measurementOf(whole)), peer: timed(() => bareSum(whole)) });
  }
  return [
    compare(
      { name: `Overview of ${RUNS} runs`, peerName: 'a bare loop: first-pass yield alone', ...facts },
      overview!,
      keeps,
    ),
    compare(
      { name: `One measurement of ${WHOLE} runs`, peerName: 'a bare loop: mean and spread alone', ...facts },
      measurement!,
      keeps,
    ),
  ];
}

function overviewOf(all: readonly RunFacts[]): unknown {
  const runs = chooseRuns(all, { release: null, sinceMs: -Infinity, simulated: false });
  return [
    yieldsOf(runs),
    rolledYield(runs),
    paceOf(runs),
    phasePaces(runs),
    overTime(runs, stepFor(runs)),
    paretoOf(runs, 'measurement'),
    brokenRuns(runs),
    groupRuns(runs, 'shift', USUAL_SHIFTS),
  ];
}

function bareCount(all: readonly RunFacts[]): number {
  const units = new Set<string>();
  let passed = 0;
  for (let at = all.length - 1; at >= 0; at -= 1) {
    const { unit, outcome } = all[at]!;
    if (units.has(unit)) continue;
    units.add(unit);
    if (outcome === 'PASS') passed += 1;
  }
  return passed / units.size;
}

function measurementOf(all: readonly RunFacts[]): unknown {
  const runs = chooseRuns(all, { release: null, sinceMs: -Infinity, simulated: false });
  const readings = readingsOf(runs, 7);
  const found = capabilityOf(readings.values, { low: 3.2, high: 3.4 });
  const drifts = calibrationStretches(readings).map((stretch) => driftOf(readings, stretch));
  return [found, found && brokenRules(found.chart.location), histogramOf(readings.values), drifts];
}

function bareSum(all: readonly RunFacts[]): number {
  const values = all.flatMap(({ detail }) => detail?.values[7] ?? []);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

let kept: unknown;
function timed(work: () => unknown): number {
  const startMs = performance.now();
  // Held, so that nothing of it is left out as unused.
  kept = work();
  return kept === undefined ? NaN : performance.now() - startMs;
}

/** Newest first, as the page has them: the newest whole, of the older ones the lines. */
function madeRuns(): RunFacts[] {
  const newestMs = Date.UTC(2026, 10, 30);
  const series = Int32Array.from({ length: SERIES }, (_, at) => at);
  const phases = Int32Array.from({ length: PHASES }, (_, at) => at);
  return Array.from({ length: RUNS }, (_, at): RunFacts => {
    const seq = RUNS - at;
    const outcome = seq % 20 === 0 ? 'FAIL' : seq % 97 === 0 ? 'ERROR' : 'PASS';
    const detail = (): RunDetail => ({
      release: `sha256:${seq % 3}`,
      version: '3.2.0',
      fixture: `FX-1 FX000${seq % 4}`,
      operator: `operator-${seq % 7}@example.com`,
      slot: String(seq % 4),
      calibration: at < WHOLE / 2 ? 'dmm due 2027' : 'dmm due 2026',
      failedPhase: outcome === 'PASS' ? -1 : seq % PHASES,
      failedSeries: outcome === 'FAIL' ? seq % SERIES : -1,
      phases,
      phaseMs: Float64Array.from(phases, (phase) => 100 + phase * 10 + (seq % 13)),
      firstTry: Uint8Array.from(phases, (phase) => (seq % (20 + phase) === 0 ? 0 : 1)),
      series,
      values: Float64Array.from(series, (one) => 3.3 + Math.sin(seq * 7.3 + one) * 0.03),
    });
    return {
      id: `run-${seq}`,
      seq,
      unit: `SN-${seq % 11 === 0 ? seq - 1 : seq}`,
      startedMs: newestMs - at * 30_000,
      durationMs: 4000 + (seq % 100),
      outcome,
      simulated: false,
      detail: at < WHOLE ? detail() : null,
    };
  });
}
