/**
 * Arguments for a Chromium of the tests: it reaches for nothing outside, and draws nothing for itself.
 *
 * Its own toolbar, and the list below its address field, are pages too: each window would load them, which costs more
 * than the app under test does.
 */

/** Nothing that reaches for the outside or for a graphics card. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A second list in the arguments would replace the first, so Playwright's own is repeated after ours. */
const FEATURES_OFF = [
  'InitialWebUI',
  'PreloadTopChromeWebUI',
  'PreloadTopChromeWebUILessNavigations',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxPopup',
  'WebUIReloadButton',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'OptimizationHints',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
];
const FEATURE_LIST = '--disable-features=';

/** @param more whatever a test wants beside it; its features that are switched off are joined to ours */
export function quietArgs(more: readonly string[] = []): string[] {
  const isList = (arg: string) => arg.startsWith(FEATURE_LIST);
  const lists = more.filter(isList).flatMap((arg) => arg.slice(FEATURE_LIST.length).split(','));
  return [...QUIET, ...more.filter((arg) => !isList(arg)), `${FEATURE_LIST}${[...FEATURES_OFF, ...lists].join()}`];
}
