/**
 * The uploads of this worker, put together from what the browser has; decides nothing. Above: station.ts.
 *
 * Carrier and look at the relay share what they know of the server's process.
 */
import { systemClock } from '#base/clock.ts';
import type { Vault } from '#storage/vault/vault.ts';
import type { OutboxStore } from '#sync/outbox/ports.ts';
import { OUTBOX_LOCK, webLock } from '#sync/outbox/web-lock.ts';
import { Attempts } from '#sync/tofupilot/attempt.ts';
import { createCarrier } from '#sync/tofupilot/client.ts';
import { createRelayLook } from '#sync/tofupilot/relay-look.ts';
import { showConnection } from './connection.ts';
import type { Procedures } from './procedures.ts';
import type { StationClock } from './station-clock.ts';
import type { Thrift } from './thrift.ts';
import { Uploads } from './uploads.ts';
import type { View } from './view.ts';

/** On this origin, in front of TofuPilot. */
const RELAY = '/tofupilot';

export interface UploadsScene {
  readonly store: OutboxStore;
  readonly view: View;
  readonly vault: Promise<Pick<Vault, 'openKey'>>;
  readonly procedures: Procedures;
  readonly stationClock: StationClock;
  readonly thrift: Thrift;
  readonly onProgress: () => void;
}

export function uploadsOf({ store, view, vault, procedures, stationClock, thrift, onProgress }: UploadsScene): Uploads {
  const attempts = new Attempts(() => crypto.randomUUID());
  const carrier = createCarrier({
    attempts,
    baseUrl: RELAY,
    key: async () => (await vault).openKey(),
    fetch: fetch.bind(self),
    clock: systemClock,
    onClockOffset: (sample) => stationClock.heard(sample),
  });
  return new Uploads({
    store,
    carrier,
    relayLook: createRelayLook(RELAY, fetch.bind(self), attempts),
    isEnrolled: () => view.current.station !== '',
    clock: systemClock,
    settings: () => procedures.settings.sync,
    withLock: webLock(OUTBOX_LOCK),
    filesWait: () => thrift.filesWait,
    onConnection: (connection) => showConnection(view, connection),
    onProgress,
  });
}
