import { expect, test } from 'vitest';
import { browserName } from '../../src/bench-worker/browser-name.ts';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
const data = (...brands: [string, string][]) => ({
  getHighEntropyValues: () =>
    Promise.resolve({ fullVersionList: brands.map(([brand, version]) => ({ brand, version })) }),
});

test.each([
  [
    'Chrome 156.0.8078.79',
    {
      userAgent: CHROME,
      userAgentData: data(['Not A Brand', '24'], ['Chromium', '156.0.8078.79'], ['Google Chrome', '156.0.8078.79']),
    },
  ],
  [
    'Edge 156.0.4000.1',
    { userAgent: CHROME, userAgentData: data(['Chromium', '156.0.1'], ['Microsoft Edge', '156.0.4000.1']) },
  ],
  ['Chromium 156.0.1', { userAgent: CHROME, userAgentData: data(['Chromium', '156.0.1']) }],
  ['Chrome 156.0.0.0', { userAgent: CHROME }],
  [
    'Chrome 156.0.0.0',
    { userAgent: CHROME, userAgentData: { getHighEntropyValues: () => Promise.reject(new Error('refused')) } },
  ],
  ['Chrome 156.0.0.0', { userAgent: CHROME.replace('Chrome', 'HeadlessChrome') }],
  ['Edge 156.0.1.2', { userAgent: `${CHROME} Edg/156.0.1.2` }],
  ['Firefox 151.0', { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0' }],
  ['unknown', { userAgent: 'curl/8' }],
])('the browser is recorded as %s', async (name, navigator) => {
  expect(await browserName(navigator)).toBe(name);
});
