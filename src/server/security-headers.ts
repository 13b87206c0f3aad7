/**
 * What every answer says about what a browser may do with it.
 *
 * One policy for the app, one for procedure code (no network at all), one for everything else (nothing at all). Knows
 * nothing of routes.
 */
const APP_RULES = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' blob: data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'worker-src': "'self'",
  'manifest-src': "'self'",
  'media-src': "'self' blob:",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'object-src': "'none'",
  'require-trusted-types-for': "'script'",
  // Svelte's own policy, and the page's for the addresses of its two workers.
  'trusted-types': 'svelte-trusted-html fieldbench',
};

export const APP_POLICY = policy(APP_RULES);
/** The text of the script worker by itself: nobody starts it so, and whoever did would get a worker without a network. */
export const SCRIPT_WORKER_POLICY = policy({ ...APP_RULES, 'connect-src': "'none'" });
/** Data: should somebody open it as a page, it can do nothing. */
export const DATA_POLICY = policy({
  'default-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  sandbox: '',
});

/** The station's devices are its own; whatever else a browser offers stays shut. */
const OWN = ['serial', 'usb', 'hid', 'camera', 'screen-wake-lock', 'fullscreen'];
const NOBODY = [
  'accelerometer',
  'browsing-topics',
  'display-capture',
  'encrypted-media',
  'geolocation',
  'gyroscope',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'picture-in-picture',
  'publickey-credentials-get',
  'xr-spatial-tracking',
];

export const APP_HEADERS: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': [...OWN.map((name) => `${name}=(self)`), ...NOBODY.map((name) => `${name}=()`)].join(', '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

function policy(rules: Readonly<Record<string, string>>): string {
  return Object.entries(rules)
    .map(([name, value]) => `${name} ${value}`.trim())
    .join('; ');
}
