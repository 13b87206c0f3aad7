/**
 * The policies in the forms of the systems that take JSON: Linux, ChromeOS, and Android as its management API writes it.
 *
 * Pure. Below: browser-policies.ts. Knows nothing of where the files go.
 */
import { chromePolicies, deviceGrants, edgePolicies, type Policies } from './browser-policies.ts';
import type { StationPlan } from './station-plan.ts';

export const linuxChrome = (plan: StationPlan) => json(chromePolicies(plan));

/** Edge on Linux has no extension store of its own and takes the same names as elsewhere. */
export const linuxEdge = (plan: StationPlan) => json(edgePolicies(plan));

/**
 * A `serial:` plug is reached over WebUSB on a tablet, and over Web Serial on a Chromebook: both get both.
 *
 * The console shows each of these by name; object policies take the JSON as it stands here.
 */
export function chromeOs(plan: StationPlan): string {
  const { BrowserAddPersonEnabled: _person, PromotionsEnabled: _promotions, ...policies } = chromePolicies(plan);
  return json({ ...policies, ...bothWays(plan) });
}

/** Of Chrome on Android; what it does not know is left out, since a console may refuse the whole for it. */
const ON_ANDROID = [
  'AutofillAddressEnabled',
  'AutofillCreditCardEnabled',
  'BrowserSignin',
  'CookiesAllowedForUrls',
  'DefaultWebUsbGuardSetting',
  'IncognitoModeAvailability',
  'MetricsReportingEnabled',
  'NetworkPredictionOptions',
  'NotificationsAllowedForUrls',
  'PasswordManagerEnabled',
  'SearchSuggestEnabled',
  'SyncDisabled',
  'TranslateEnabled',
  'URLAllowlist',
  'URLBlocklist',
];

/** A policy of the Android Management API: lists and objects are JSON in a text. */
export function android(plan: StationPlan): string {
  const policies = chromePolicies(plan);
  const chosen: Record<string, unknown> = Object.fromEntries(
    ON_ANDROID.filter((name) => name in policies).map((name) => [name, policies[name]]),
  );
  const { WebUsbAllowDevicesForUrls } = bothWays(plan) as { WebUsbAllowDevicesForUrls?: unknown };
  if (WebUsbAllowDevicesForUrls) chosen['WebUsbAllowDevicesForUrls'] = WebUsbAllowDevicesForUrls;
  // Android has no policy for single serial devices; this one is for the station's origin alone.
  if (plan.devices.serial.length > 0) chosen['SerialAllowAllPortsForUrls'] = [plan.origin];
  const managedConfiguration = Object.fromEntries(
    Object.entries(chosen).map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : value]),
  );
  const chrome = { packageName: 'com.android.chrome', installType: 'FORCE_INSTALLED', managedConfiguration };
  return json({ applications: [chrome] });
}

/** What `enterprises.webApps.create` of the Android Management API takes. */
export function androidWebApp({ station, origin }: StationPlan): string {
  return json({ title: `Fieldbench ${station}`, startUrl: `${origin}/`, displayMode: 'FULL_SCREEN' });
}

function bothWays(plan: StationPlan): Policies {
  const { serial, usb } = plan.devices;
  return deviceGrants(plan, serial, [...new Set([...serial, ...usb])].toSorted());
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
