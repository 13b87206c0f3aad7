/** What the page begins when there is nothing else to do: the screen stays lit during a run, opened files are taken. */
import type { StationPort } from '#ui/station-port.ts';
import { launchedFiles, type LaunchQueue, showUploads } from './launched-files.ts';
import { stayAwake } from './stay-awake.ts';

export function beginIdleWork(station: StationPort): void {
  stayAwake(station, navigator, document);
  launchedFiles.listen((window as { launchQueue?: LaunchQueue }).launchQueue, showUploads);
}
