/**
 * Which browser ran the test, as it is recorded with every run: `Chrome 156.0.8078.79`.
 *
 * The full version is asked for, since the short one in the user agent hides which build it was. Pure but for the
 * navigator handed in.
 */
interface Brand {
  readonly brand: string;
  readonly version: string;
}

interface NavigatorLike {
  readonly userAgent: string;
  readonly userAgentData?: { getHighEntropyValues(hints: string[]): Promise<{ fullVersionList?: readonly Brand[] }> };
}

/** Brands that name a product; the others name its engine or are noise on purpose. */
const PRODUCTS: Readonly<Record<string, string>> = {
  'Microsoft Edge': 'Edge',
  'Google Chrome': 'Chrome',
  HeadlessChrome: 'Chrome',
  Chromium: 'Chromium',
};

export async function browserName({ userAgent, userAgentData }: NavigatorLike): Promise<string> {
  const brands = (await userAgentData?.getHighEntropyValues(['fullVersionList']).catch(() => null))?.fullVersionList;
  for (const [brand, name] of Object.entries(PRODUCTS)) {
    const found = brands?.find((entry) => entry.brand === brand);
    if (found) return `${name} ${found.version}`;
  }
  const [, name, version] = /(Edg|Firefox)\/([\d.]+)/.exec(userAgent) ?? /(Chrome)\/([\d.]+)/.exec(userAgent) ?? [];
  return name ? `${name === 'Edg' ? 'Edge' : name} ${version}` : 'unknown';
}
