/** What `npm run fleet` was asked for. Words and numbers only. */
import { parseArgs } from 'node:util';

export interface FleetOptions {
  readonly stations: number;
  readonly minutes: number;
  /** Scans an hour at each station; 0 with heartbeats only. */
  readonly unitsPerHour: number;
  readonly heartbeatS: number;
  /** Requests a second that the relay lets through to TofuPilot. */
  readonly limitPerS: number;
  /** Seconds for which the server is away, killed in the middle of the time; 0: never. */
  readonly outageS: number;
  readonly clone: boolean;
  readonly badRelease: boolean;
  readonly rollback: boolean;
  readonly json: boolean;
}

export const FLEET_HELP = `npm run fleet -- [--stations 20] [--minutes 2] …

  Stations without browsers, each the shipped bench worker, against one server on this machine.

  --stations N         how many (20)
  --minutes M          for how long scans go on, without what a scene takes (2)
  --units-per-hour U   scans at each station (120)
  --heartbeats-only    no scans: stations that only say how they are
  --heartbeat-s S      seconds between two heartbeats (10)
  --limit L            requests a second that the relay lets through to TofuPilot (40)
  --outage-s S         the server is killed in the middle and started again after S seconds
  --clone              a second computer gets the name of the first station
  --bad-release        a release that fails every unit is rolled out in rings
  --rollback           a release goes to all, and back
  --json               the verdicts as JSON`;

const NUMBER = /^\d+(\.\d+)?$/;

/** @returns what is wrong, in words, or help, when nothing is to be run */
export function fleetOptions(args: readonly string[]): FleetOptions | string {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stations: { type: 'string', default: '20' },
      minutes: { type: 'string', default: '2' },
      'units-per-hour': { type: 'string', default: '120' },
      'heartbeats-only': { type: 'boolean', default: false },
      'heartbeat-s': { type: 'string', default: '10' },
      limit: { type: 'string', default: '40' },
      'outage-s': { type: 'string', default: '0' },
      clone: { type: 'boolean', default: false },
      'bad-release': { type: 'boolean', default: false },
      rollback: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return FLEET_HELP;
  for (const name of ['stations', 'minutes', 'units-per-hour', 'heartbeat-s', 'limit', 'outage-s'] as const)
    if (!NUMBER.test(values[name])) return `--${name} needs a number, not “${values[name]}”.\n\n${FLEET_HELP}`;
  return {
    stations: Number(values.stations),
    minutes: Number(values.minutes),
    unitsPerHour: values['heartbeats-only'] ? 0 : Number(values['units-per-hour']),
    heartbeatS: Number(values['heartbeat-s']),
    limitPerS: Number(values.limit),
    outageS: Number(values['outage-s']),
    clone: values.clone,
    badRelease: values['bad-release'],
    rollback: values.rollback,
    json: values.json,
  };
}
