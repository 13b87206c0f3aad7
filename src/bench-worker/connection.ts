/**
 * What the header says about the way to TofuPilot, and the one notice that goes with a refused key.
 *
 * Knows nothing of uploads: it only turns answers into words.
 */
import type { StationView } from '#engine/link/station-link.ts';
import type { View } from './view.ts';

const KEY_REFUSED = 'key-refused';

export function showConnection(view: View, connection: StationView['connection']): void {
  if (view.current.connection !== connection) view.change({ connection });
  if (connection === 'refused')
    view.notice({
      code: KEY_REFUSED,
      tone: 'error',
      message: 'TofuPilot refuses this station’s key.',
      remedy: 'Enrol the station again with a valid key. Testing goes on; every run is kept and waits here.',
    });
  else if (connection === 'online') view.dismiss(KEY_REFUSED);
}
