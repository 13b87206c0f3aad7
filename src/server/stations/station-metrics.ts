/**
 * What stations say about themselves, as Prometheus text: one series a station and reading.
 *
 * Labels are a closed list: station, site and line from the name, which is on the scheme; outcomes and states from closed
 * lists; versions as a station tells them, of which each has one. A station that is silent has no present readings: only
 * when it was heard, and whether its name is shared. Counts are the station's own and live on its disk, so a server that
 * starts anew goes on with them, and Prometheus sees a smaller one as a new beginning. Knows nothing of HTTP.
 */
import { diskFreeBytes, queueAgeMs } from '#fleet/health/attention.ts';
import { FIXTURE_STATES, type Heartbeat, OUTCOMES } from '#fleet/health/heartbeat.ts';
import type { Thresholds } from '#fleet/health/thresholds.ts';
import { stationPlace } from '#fleet/identity/station-name.ts';
import type { HeardStation } from '#server/stations/stations.ts';

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

interface Family {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  /** Also of a station that is silent. */
  readonly outlives?: boolean;
  readonly of: (station: HeardStation) => readonly Sample[];
}

const one = (value: number | null): readonly Sample[] => (value === null ? [] : [[{}, value]]);
const gauge = (name: string, help: string, read: (beat: Heartbeat) => number | null): Family => ({
  name: `fieldbench_station_${name}`,
  type: 'gauge',
  help,
  of: ({ beat }) => one(read(beat)),
});
const counter = (name: string, help: string, read: (beat: Heartbeat) => number): Family => ({
  ...gauge(name, help, read),
  type: 'counter',
});
const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, each) => all + each, 0);

const FAMILIES: readonly Family[] = [
  {
    name: 'fieldbench_station_last_heartbeat_timestamp_seconds',
    type: 'gauge',
    help: 'When the station was heard last, Unix time by the server’s clock.',
    outlives: true,
    of: ({ heardAtMs }) => one(heardAtMs / 1000),
  },
  {
    name: 'fieldbench_station_collision',
    type: 'gauge',
    help: '1 while two installations speak under this name.',
    outlives: true,
    of: ({ attention }) => one(attention.includes('collision') ? 1 : 0),
  },
  {
    name: 'fieldbench_station_info',
    type: 'gauge',
    help: 'Versions that the station runs; always 1.',
    of: ({ beat }) => [
      [
        {
          installation: beat.installation.slice(0, 8),
          app_version: beat.app_version,
          procedure: beat.procedure?.folder ?? '',
          release: shortHash(beat.procedure?.release ?? ''),
          configuration: shortHash(beat.configuration),
          browser: beat.browser,
          system: beat.system,
        },
        1,
      ],
    ],
  },
  gauge('queue_waiting', 'Runs that wait to be delivered.', ({ queue }) => queue.waiting),
  gauge('queue_parked', 'Runs that were refused and need a person.', ({ queue }) => queue.parked),
  {
    name: 'fieldbench_station_queue_oldest_seconds',
    type: 'gauge',
    help: 'Age of the oldest run that is not delivered; 0 when there is none.',
    of: ({ beat, silentForMs }) => one(queueAgeMs(beat, silentForMs) / 1000),
  },
  gauge('disk_free_bytes', 'What the browser estimates to be left for this origin.', diskFreeBytes),
  gauge('disk_used_bytes', 'What this origin has stored.', ({ disk }) => disk && disk.usage_bytes),
  gauge('persisted', '1 when the browser promised to keep the data.', ({ persisted }) =>
    persisted === null ? null : Number(persisted),
  ),
  gauge('clock_offset_seconds', 'Server’s clock minus the station’s.', ({ clock_offset_ms: ms }) =>
    ms === null ? null : ms / 1000,
  ),
  gauge('online', '1 when the station reaches TofuPilot and its key is taken.', ({ connection }) =>
    Number(connection === 'online'),
  ),
  gauge('running', '1 while a unit is under test.', ({ running }) => Number(running)),
  gauge('simulated', '1 when its fixtures are simulated.', ({ simulated }) => Number(simulated)),
  {
    name: 'fieldbench_station_fixtures',
    type: 'gauge',
    help: 'How many plugs are in each state.',
    of: ({ beat: { fixtures } }) =>
      FIXTURE_STATES.map((state) => [{ state }, fixtures.filter((fixture) => fixture.state === state).length]),
  },
  gauge('battery_ratio', 'Charge of the battery, 0 to 1.', ({ battery }) => battery && battery.level),
  gauge('last_seq', 'The newest station_seq.', ({ last_seq }) => last_seq),
  {
    name: 'fieldbench_station_runs_total',
    type: 'counter',
    help: 'Runs that ended, by outcome.',
    of: ({ beat: { runs } }) => OUTCOMES.map((outcome) => [{ outcome }, runs[outcome]]),
  },
  counter('refusals_total', 'Scans that were refused.', ({ refusals }) => sum(refusals)),
  counter('faults_total', 'Errors that were told to the operator.', ({ faults }) => sum(faults)),
  counter('fixture_losses_total', 'Times that a ready plug was lost.', ({ fixture_losses }) => fixture_losses),
  counter('starts_total', 'Starts of the station.', ({ starts }) => starts),
  counter('crashes_total', 'Starts at which a run was found cut off.', ({ crashes }) => crashes),
];

/** What the alert rules compare with, so that one place says when a reading needs a person. */
const THRESHOLDS: readonly (readonly [name: string, help: string, read: (limits: Thresholds) => number])[] = [
  ['heartbeat_seconds', 'How often a station says how it is.', ({ heartbeatMs }) => heartbeatMs / 1000],
  ['silent_seconds', 'A station that was not heard for longer is silent.', ({ silentMs }) => silentMs / 1000],
  ['queue_age_seconds', 'Older runs that are not delivered need a person.', ({ queueAgeMs: ms }) => ms / 1000],
  ['disk_free_bytes', 'Less needs a person.', ({ diskFreeBytes: bytes }) => bytes],
  ['clock_offset_seconds', 'A clock that is further off needs a person.', ({ clockOffsetMs }) => clockOffsetMs / 1000],
];

/** Every metric that this file can emit. */
export const HEALTH_METRICS: readonly string[] = [
  ...THRESHOLDS.map(([name]) => `fieldbench_threshold_${name}`),
  ...FAMILIES.map(({ name }) => name),
];

export function healthText(stations: readonly HeardStation[], limits: Thresholds): string {
  const labelled = stations.map((station) => ({
    station,
    own: ownLabels(station.beat.station),
    isSilent: station.silentForMs > limits.silentMs,
  }));
  const lines = THRESHOLDS.flatMap(([name, help, read]) => [
    `# HELP fieldbench_threshold_${name} ${help}`,
    `# TYPE fieldbench_threshold_${name} gauge`,
    `fieldbench_threshold_${name} ${read(limits)}`,
  ]);
  for (const { name, type, help, outlives = false, of } of FAMILIES) {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const { station, own, isSilent } of labelled)
      if (outlives || !isSilent)
        for (const [labels, value] of of(station)) lines.push(`${name}{${own}${labelText(labels)}} ${value}`);
  }
  return `${lines.join('\n')}\n`;
}

function ownLabels(name: string): string {
  const { site, line } = stationPlace(name);
  return `station="${name}",site="${site}",line="${line}"`;
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `,${key}="${escaped(value)}"`)
    .join('');
}

/** As the text format wants it. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** Twelve digits: what people compare. */
function shortHash(hash: string): string {
  return hash.replace(/^sha256:/, '').slice(0, 12);
}
