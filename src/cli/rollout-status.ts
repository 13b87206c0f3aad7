/**
 * `fieldbench rollout status`: what is signed about rollouts, and how they go where a server is asked.
 *
 * Above: release-commands.ts, rollout.ts. Below: published-folder.ts. Changes nothing.
 */
import { Fault, messageOf } from '#base/fault.ts';
import type { Comparison, RolloutReport } from '#fleet/health/rollout-report.ts';
import type { StationsReport } from '#fleet/health/stations-report.ts';
import { PublishedFolder } from './published-folder.ts';
import type { Terminal } from './terminal.ts';

const LIMIT_MS = 10_000;
const NAMES: Readonly<Record<Comparison['what'], string>> = {
  'first-pass-yield': 'first-pass yield',
  'error-rate': 'error rate',
  duration: 'duration',
};

/** @throws {Fault} */
export async function rolloutStatus(
  path: string,
  { server, json }: { readonly server?: string | undefined; readonly json: boolean },
  terminal: Terminal,
): Promise<number> {
  const folder = new PublishedFolder(path);
  const index = await folder.index(await folder.keys(), Date.now());
  const rolling = (index?.procedures ?? []).flatMap((one) => (one.rollout ? [{ ...one, rollout: one.rollout }] : []));
  const reports = server === undefined ? [] : await reportsOf(server);
  if (json) {
    const said = rolling.map(({ procedure, current, rollout }) => ({ procedure, current, rollout }));
    terminal.out(JSON.stringify({ signed: said, reports }));
    return 0;
  }
  if (rolling.length === 0) terminal.out('Nothing is being rolled out.');
  for (const { procedure, current, releases, rollout } of rolling) {
    const version = (wanted: string) => releases.find(({ release }) => release === wanted)?.version || wanted;
    const state = rollout.halted === undefined ? `ring ${rollout.open} of ${rollout.rings.length}` : 'halted';
    terminal.out(`${procedure} ${version(current)} → ${version(rollout.release)}: ${state}`);
    if (rollout.halted) terminal.out(`  by a person: ${rollout.halted}`);
    const report = reports.find((one) => one.procedure === procedure && one.attempt === rollout.attempt);
    rollout.rings.forEach(({ name, stations, percent }, at) => {
      const rule = [stations?.join(', '), percent === undefined ? undefined : `${percent} %`]
        .filter(Boolean)
        .join(', ');
      const seen = report?.rings[at];
      const runs = seen ? `: ${seen.running} of ${seen.stations} stations run it` : '';
      terminal.out(`  ${at < rollout.open ? 'open  ' : 'closed'} ${name} (${rule || 'all'})${runs}`);
    });
    for (const line of report ? reportLines(report) : []) terminal.out(`  ${line}`);
  }
  return 0;
}

/** @returns undefined when that server knows of no such rollout. @throws {Fault} `server-unreachable` */
export async function reportOf(server: string, procedure: string): Promise<RolloutReport | undefined> {
  return (await reportsOf(server)).find((one) => one.procedure === procedure);
}

async function reportsOf(server: string): Promise<readonly RolloutReport[]> {
  try {
    const response = await fetch(new URL('/fleet/stations', server), { signal: AbortSignal.timeout(LIMIT_MS) });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return ((await response.json()) as StationsReport).rollouts ?? [];
  } catch (cause) {
    throw new Fault('server-unreachable', `${server} cannot be asked: ${messageOf(cause)}.`, 'Look at --server.', {
      cause,
    });
  }
}

function reportLines({ comparisons, halt, wentBack }: RolloutReport): readonly string[] {
  return [
    ...comparisons.map((one) => {
      const { before, after } = one.counts;
      const p = one.p === null ? 'too little to compare' : `p ${one.p.toPrecision(2)}${one.isWorse ? ', worse' : ''}`;
      return `${NAMES[one.what]}: ${figure(one, one.before)} of ${before} before, ${figure(one, one.after)} of ${after} now, ${p}`;
    }),
    ...(halt?.reason ? [`halted: ${halt.reason}`] : []),
    ...(wentBack.length > 0 ? [`went back by themselves: ${wentBack.join(', ')}`] : []),
  ];
}

function figure({ unit }: Comparison, value: number | null): string {
  if (value === null) return '–';
  return unit === 'ms' ? `${(value / 1000).toPrecision(3)} s` : `${(value * 100).toFixed(1)} %`;
}
