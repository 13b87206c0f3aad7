/**
 * What nobody needs before the first unit is scanned, behind one import: a list of what each part needs, of which the
 * first screen knows nothing, would be read with it.
 *
 * Above: LaterScreen.svelte and App.svelte, which load this when there is nothing else to do. Knows nothing of when.
 */
import type { Component } from 'svelte';

export const loadSheet = () => import('#ui/people/SignInSheet.svelte');
export const loadTyping = () => import('#ui/operator/type-scan.ts');
export const loadSignals = () => import('#ui/parts/signals-here.ts');
/** Nobody reaches for a camera so soon, and the fixture is looked for meanwhile. */
const UNHURRIED_MS = 2_000;
export const loadCamera = async () => {
  await new Promise((resolve) => setTimeout(resolve, UNHURRIED_MS));
  return import('#ui/operator/CameraButton.svelte');
};
export const loadFailed = () => import('#ui/operator/FailedUnits.svelte');
export const loadWork = () => import('#ui/later-work.ts');

const SCREENS = {
  history: () => import('#ui/history/HistoryScreen.svelte'),
  analysis: () => import('#ui/analysis/AnalysisScreen.svelte'),
  run: () => import('#ui/history/RunScreen.svelte'),
  fixtures: () => import('#ui/fixtures/FixturesScreen.svelte'),
  queue: () => import('#ui/queue/QueueScreen.svelte'),
  fleet: () => import('#ui/fleet/FleetScreen.svelte'),
  stations: () => import('#ui/stations/StationsScreen.svelte'),
  workshop: () => import('#ui/workshop/WorkshopScreen.svelte'),
  settings: () => import('#ui/settings/SettingsScreen.svelte'),
  help: () => import('#ui/help/HelpScreen.svelte'),
  wall: () => import('#ui/wall/WallScreen.svelte'),
  first: () => import('#ui/settings/FirstUse.svelte'),
} as const satisfies Readonly<Record<string, () => Promise<unknown>>>;
export type LaterName = keyof typeof SCREENS;

/** Each takes `id` or nothing. */
export async function loadScreen(name: LaterName): Promise<Component<{ id: string }>> {
  return (await SCREENS[name]()).default as Component<{ id: string }>;
}

/**
 * Everything at once: after an update the files of this version may be gone from the server. The workshop weighs more than
 * all others, and few stations ever open it.
 */
export async function loadAll(): Promise<void> {
  const { workshop: _, ...often } = SCREENS;
  // One that does not come now is asked for again when it is opened, and says so then.
  await Promise.allSettled([
    loadSheet(),
    loadTyping(),
    loadFailed(),
    loadSignals(),
    ...Object.values(often).map((load) => load()),
  ]);
}
