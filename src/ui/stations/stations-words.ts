/** What a list of stations says in words: what needs a person and what to do, ages, versions. Pure. */
import type { AttentionCode } from '#fleet/health/attention.ts';
import type { Heartbeat } from '#fleet/health/heartbeat.ts';
import type { ReportedStation, StationsReport } from '#fleet/health/stations-report.ts';
import { formatSize } from '#ui/parts/size.ts';
import { counted } from '#ui/parts/words.ts';

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

/** `8 s`, `3 min`, `2 h 5 min`, `3 days`. */
export function formatAge(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 2 * MINUTE_S) return `${whole}\u202fs`;
  const minutes = Math.floor(whole / MINUTE_S);
  if (whole < HOUR_S) return `${minutes}\u202fmin`;
  const hours = Math.floor(whole / HOUR_S);
  if (whole < DAY_S) return minutes % 60 === 0 ? `${hours}\u202fh` : `${hours}\u202fh ${minutes % 60}\u202fmin`;
  return counted(Math.floor(whole / DAY_S), 'day');
}

/** By the server's clock alone: a screen's own may be wrong. */
export function heardAgoS({ heard_at }: ReportedStation, { at }: StationsReport): number {
  return (Date.parse(at) - Date.parse(heard_at)) / 1000;
}

/** One sentence. */
export function attentionWord(code: AttentionCode, station: ReportedStation, report: StationsReport): string {
  const { said, queue_age_s: ageS, disk_free_bytes: free } = station;
  switch (code) {
    case 'collision':
      return 'Two computers work under this name.';
    case 'silent':
      return `Not heard for ${formatAge(heardAgoS(station, report))}.`;
    case 'queue':
      return `A run has waited ${formatAge(ageS)} to be delivered.`;
    case 'parked':
      return `${counted(said.queue.parked, 'run')} ${said.queue.parked === 1 ? 'was' : 'were'} refused.`;
    case 'fixture':
      return `Not ready: ${fixturesNotReady(said)}.`;
    case 'disk':
      return `Only ${formatSize(free ?? 0)} of disk left.`;
    case 'clock':
      return `Its clock is ${clockWord(said.clock_offset_ms ?? 0)}.`;
  }
}

/** What to do about it. */
export const ATTENTION_REMEDIES: Readonly<Record<AttentionCode, string>> = {
  collision:
    'Enrol one of them under a name of its own; or a supervisor takes the name over at the one that stays, under Settings.',
  silent:
    'See whether the computer is on, its page is open, and its network is there. It goes on testing without this server.',
  queue: 'See on its screen whether it reaches TofuPilot. Its runs are kept.',
  parked: 'Open Uploads at the station: each says what is wrong and can be corrected there.',
  fixture: 'Open Fixtures at the station: it says what to do.',
  disk: 'Free disk space on that computer. No run begins that could not be kept.',
  clock: 'Switch on automatic time on that computer. Runs keep its time, and say that it is off.',
};

/** `2 min behind`, `3 s ahead`. */
export function clockWord(offsetMs: number): string {
  return `${formatAge(Math.abs(offsetMs) / 1000)} ${offsetMs > 0 ? 'behind' : 'ahead'}`;
}

/** `Fixture lost, Multimeter missing`. */
export function fixturesNotReady({ fixtures }: Heartbeat): string {
  return fixtures
    .filter(({ state }) => state !== 'ready' && state !== 'rebooting')
    .map(
      ({ plug, slot, state }) =>
        `${slot === undefined ? '' : `slot ${slot}: `}${plug} ${state === 'permission' ? 'not permitted' : state}`,
    )
    .join(', ');
}

/** What it does now, of a station that needs nobody. */
export function stateWord({ running, connection, queue }: Heartbeat): string {
  const doing = running ? 'Testing' : 'Ready';
  return connection === 'online' || queue.waiting === 0 ? doing : `${doing}; ${counted(queue.waiting, 'run')} waiting`;
}

/** `sha256:` and the twelve digits that people compare; as it is where it is no hash. */
export function shortHash(hash: string): string {
  return hash.replace(/^sha256:/, '').slice(0, 12);
}

/** The keys with their counts, the most frequent first. */
export function spread(values: readonly string[]): readonly (readonly [value: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b, 'en'));
}

/** `label-missing 3, serial-pattern 12`; empty when there was none. */
export function countsWord(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .toSorted(([, m], [, n]) => n - m)
    .map(([code, count]) => `${code}\u00a0${count}`)
    .join(', ');
}
