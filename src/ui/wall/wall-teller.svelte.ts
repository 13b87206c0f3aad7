/**
 * The station's end: tells every wall that looks what the station shows, at once and at each change.
 *
 * Loaded when the station is ready and has nothing else to do. Knows nothing of how it is shown.
 */
import type { EmergencyDesk } from '#ui/operator/emergency-desk.svelte.ts';
import type { StationState } from '#ui/station-state.svelte.ts';
import { SILENT_AFTER_MS, WALL_CHANNEL, type WallChannel, type WallWord } from '#ui/wall/wall-channel.ts';
import { wallViewOf } from '#ui/wall/wall-view.ts';

/** Faster than anybody reads from four metres. */
const APART_MS = 200;

/** @returns how to stop */
export function tellWalls(
  station: StationState,
  emergency: EmergencyDesk,
  channel: WallChannel = new BroadcastChannel(WALL_CHANNEL),
): () => void {
  let isLooking = $state(false);
  let leaving: ReturnType<typeof setTimeout> | undefined;
  const tell = () => {
    const view = wallViewOf(station, emergency, performance.now());
    channel.postMessage({ kind: 'wall', view } satisfies WallWord);
  };
  channel.addEventListener('message', ({ data }: MessageEvent<WallWord>) => {
    if (data.kind !== 'look') return;
    clearTimeout(leaving);
    leaving = setTimeout(() => (isLooking = false), SILENT_AFTER_MS);
    if (isLooking) tell();
    else isLooking = true;
  });
  const stop = $effect.root(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    $effect(() => {
      if (!isLooking) return;
      // Read now, so that the next change is seen; told a little later, with whatever has come until then.
      wallViewOf(station, emergency, 0);
      timer ??= setTimeout(() => {
        timer = undefined;
        tell();
      }, APART_MS);
    });
    return () => clearTimeout(timer);
  });
  return () => {
    stop();
    clearTimeout(leaving);
    channel.close();
  };
}
