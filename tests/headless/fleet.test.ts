/** Five stations without browsers against a real server: an outage, a cloned computer, a bad release, a rollback, and every run there once. */
import { expect, test } from 'vitest';
import { Fleet } from './fleet.ts';
import { badRelease, clone, outage, rollback, type Verdict } from './fleet-scenes.ts';
import { stationCode } from './station-code.ts';
import { until } from './patience.ts';

const SIZE = { stations: 5, unitsPerHour: 1800, heartbeatS: 2, limitPerS: 20 };
/** Each scene with a release waits for two looks of a station at its fleet, 15 s apart. */
const LIMIT_MS = 400_000;

test(
  'a small fleet keeps what is promised of a large one',
  async () => {
    const fleet = await Fleet.start(SIZE, await stationCode());
    try {
      await fleet.openStations();
      fleet.scan();
      // Enough to compare a new release with.
      await until(async () => fleet.made.size >= 30, LIMIT_MS);
      const verdicts: readonly Verdict[] = [
        ...(await outage(fleet, 3)),
        ...(await clone(fleet)),
        ...(await badRelease(fleet, '1.5.0', 'fails')),
        ...(await rollback(fleet)),
      ];
      await fleet.stopScanning();
      await fleet.settle(LIMIT_MS);
      expect(verdicts.filter(({ kept }) => !kept)).toEqual([]);
      expect(await fleet.compare()).toEqual({ lost: 0, doubled: 0, delivered: fleet.made.size });
    } finally {
      await fleet.close();
    }
  },
  LIMIT_MS,
);

test(
  '22: a station that sees a release end in ERROR three times goes back by itself, and halts nobody else',
  async () => {
    const fleet = await Fleet.start({ ...SIZE, stations: 1, heartbeatS: 60 }, await stationCode());
    try {
      await fleet.openStations();
      const [station] = fleet.stations;
      await fleet.folder.release('1.5.0', 'errs', '--staged');
      const plan = { procedure: 'power-board', release: '1.5.0', rings: [{ name: 'all' }] };
      await fleet.folder.signed('rollout', 'start', fleet.folder.path, '--plan', fleet.folder.write('r.yaml', plan));
      await station!.until(({ procedure }) => procedure?.version === '1.5.0', 'the release did not come');
      for (const serial of ['SN-000001', 'SN-000002']) await station!.call.start(serial);
      expect(station!.view.procedure?.version).toBe('1.5.0');
      await station!.call.start('SN-000003');
      await station!.until(({ procedure }) => procedure?.version === '1.0.0', 'it did not go back');
      expect(station!.view.notices?.map(({ code }) => code)).toContain('rollout-halted');
      expect((await fleet.report())?.rollouts?.[0]?.state).toBe('rolling');
      await station!.call.start('SN-000004');
      expect(station!.view.recent?.[0]?.outcome).toBe('PASS');
    } finally {
      await fleet.close();
    }
  },
  LIMIT_MS,
);
