/**
 * The policies of a station's browser, by name, as Chrome and Edge take them on a computer.
 *
 * Pure. Above: the files of each system. The names, and from which version each holds, are in
 * docs/reference/provisioning.md. Ids are decimal there: a policy with hexadecimal ones is silently wrong.
 */
import type { StationPlan } from './station-plan.ts';

export type Policies = Readonly<Record<string, unknown>>;

/** Internal pages that a technician needs where all others are closed. */
const INTERNAL_PAGES = ['policy', 'device-log', 'version'];
const BLOCK = 2;
const CLOSED = 2;
/** No private windows: what runs in one is gone with it. */
const NEVER_PRIVATE = 1;
const NEVER_PREDICT = 2;
/** Experiments of the maker's that change a browser behind its version number: only what mends something. */
const CRITICAL_FIXES_ONLY = 1;
const NEW_TAB = 5;

export function chromePolicies(plan: StationPlan): Policies {
  return inOrder({
    ...everywhere(plan),
    BrowserAddPersonEnabled: false,
    ChromeVariations: CRITICAL_FIXES_ONLY,
    HighEfficiencyModeEnabled: false,
    IncognitoModeAvailability: NEVER_PRIVATE,
    MetricsReportingEnabled: false,
    TabDiscardingExceptions: [plan.origin],
    UrlKeyedAnonymizedDataCollectionEnabled: false,
    ...(plan.isShared ? {} : { ...locked(plan, 'chrome'), BookmarkBarEnabled: false }),
  });
}

export function edgePolicies(plan: StationPlan): Policies {
  return inOrder({
    ...everywhere(plan),
    BrowserAddProfileEnabled: false,
    DiagnosticData: 0,
    EdgeShoppingAssistantEnabled: false,
    ExperimentationAndConfigurationServiceControl: 1,
    HideFirstRunExperience: true,
    HubsSidebarEnabled: false,
    InPrivateModeAvailability: NEVER_PRIVATE,
    PersonalizationReportingEnabled: false,
    ShowRecommendationsEnabled: false,
    SleepingTabsBlockedForUrls: [plan.origin],
    ...(plan.isShared ? {} : { ...locked(plan, 'edge'), FavoritesBarEnabled: false }),
  });
}

/** Exactly these devices for exactly this origin, with no question, also after a re-plug. */
export function deviceGrants({ devices, origin }: StationPlan, serialIds = devices.serial, usbIds = devices.usb) {
  const grant = (ids: readonly string[]) => [{ devices: ids.map(decimal), urls: [origin] }];
  return {
    ...(serialIds.length > 0 ? { SerialAllowUsbDevicesForUrls: grant(serialIds) } : {}),
    ...(usbIds.length > 0 ? { WebUsbAllowDevicesForUrls: grant(usbIds) } : {}),
  };
}

/** The app, its devices, its data and its sound; nothing of these touches another site. */
function everywhere(plan: StationPlan): Policies {
  const { origin } = plan;
  return {
    ...deviceGrants(plan),
    // In a window of its own: a tab is the default.
    WebAppInstallForceList: [{ url: `${origin}/`, default_launch_container: 'window', create_desktop_shortcut: true }],
    CookiesAllowedForUrls: [origin],
    // None is ever shown: a site that may notify is one whose data Chromium promises to keep when it is asked. That a policy
    // has installed its app was not enough for that (Chromium 156).
    NotificationsAllowedForUrls: [origin],
    ForceEphemeralProfiles: false,
    AllowDeletingBrowserHistory: false,
    BrowserGuestModeEnabled: false,
    // A verdict is heard also when a scanner on a serial port was all that was touched.
    AutoplayAllowlist: [origin],
    VideoCaptureAllowedUrls: [origin],
    IntensiveWakeUpThrottlingEnabled: false,
    // Nothing that opens over a test.
    AutofillAddressEnabled: false,
    AutofillCreditCardEnabled: false,
    BrowserSignin: 0,
    DefaultBrowserSettingEnabled: false,
    PasswordManagerEnabled: false,
    PromotionsEnabled: false,
    SyncDisabled: true,
    TranslateEnabled: false,
    // Nothing that speaks to others.
    NetworkPredictionOptions: NEVER_PREDICT,
    SearchSuggestEnabled: false,
    SpellCheckServiceEnabled: false,
  };
}

/** What a computer that is nothing but a station leaves to nobody. */
function locked({ origin, mayChoose }: StationPlan, scheme: 'chrome' | 'edge'): Policies {
  const ask = mayChoose ? { SerialAskForUrls: [origin], WebUsbAskForUrls: [origin] } : {};
  return {
    ...ask,
    DefaultSerialGuardSetting: BLOCK,
    DefaultWebBluetoothGuardSetting: BLOCK,
    DefaultWebHidGuardSetting: BLOCK,
    DefaultWebUsbGuardSetting: BLOCK,
    DeveloperToolsAvailability: CLOSED,
    ExtensionInstallBlocklist: ['*'],
    HomepageIsNewTabPage: false,
    HomepageLocation: `${origin}/`,
    NewTabPageLocation: `${origin}/`,
    RestoreOnStartup: NEW_TAB,
    TaskManagerEndProcessEnabled: false,
    URLAllowlist: [origin, ...INTERNAL_PAGES.map((page) => `${scheme}://${page}`)],
    URLBlocklist: ['*'],
  };
}

/** `0403:6001` as policies write it; `2a8d:*` is all of a vendor. */
function decimal(id: string): { vendor_id: number; product_id?: number } {
  const [vendor = '', product = ''] = id.split(':');
  const vendorId = { vendor_id: Number.parseInt(vendor, 16) };
  return product === '*' ? vendorId : { ...vendorId, product_id: Number.parseInt(product, 16) };
}

function inOrder(policies: Policies): Policies {
  return Object.fromEntries(Object.entries(policies).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
