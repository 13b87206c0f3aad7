/**
 * What this tablet runs on and sends over, told to the station at start and at each change.
 *
 * Only a window may ask for the battery. A browser that does not say is no reason to wait. Knows nothing of what the
 * station makes of it (bench-worker/thrift.ts).
 */
import type { StationPort } from '#ui/station-port.ts';

interface Battery extends EventTarget {
  readonly level: number;
  readonly charging: boolean;
}

/** Not in the DOM library. */
interface Powered {
  getBattery?(): Promise<Battery>;
  readonly connection?: EventTarget & { readonly saveData?: boolean; readonly type?: string };
}

export async function tellSupply(station: StationPort): Promise<void> {
  const { connection } = navigator as Powered;
  const battery = (await (navigator as Powered).getBattery?.().catch(() => null)) ?? null;
  const tell = () =>
    void station.call.supply({
      batteryLevel: battery?.level ?? null,
      isDischarging: battery !== null && !battery.charging,
      savesData: connection?.saveData ?? false,
      connectionType: connection?.type ?? null,
    });
  battery?.addEventListener('levelchange', tell);
  battery?.addEventListener('chargingchange', tell);
  connection?.addEventListener('change', tell);
  tell();
}
