/**
 * What the windows of one browser say to each other about the wall view.
 *
 * A wall asks again and again, and is told only while it does: a station without a wall does nothing for one. Knows
 * nothing of what is shown.
 */
import type { WallView } from '#ui/wall/wall-view.ts';

export type WallWord = { readonly kind: 'look' } | { readonly kind: 'wall'; readonly view: WallView };

/** As much of a BroadcastChannel as it takes. */
export type WallChannel = Pick<BroadcastChannel, 'postMessage' | 'addEventListener' | 'close'>;

/** Of the version of what is said: windows of two versions of the app do not understand each other. */
export const WALL_CHANNEL = 'fieldbench-wall-1';

export const ASK_EVERY_MS = 2_000;
/**
 * Three questions without an answer: the station's window is closed, or hangs. What was shown is not shown any longer,
 * since the unit on the fixture may be another one by now.
 */
export const SILENT_AFTER_MS = 3 * ASK_EVERY_MS;
