/** Addresses and screens. */
import { expect, test } from 'vitest';
import { deviceFilters } from '#ui/fixtures/device-filters.ts';
import { routeOf, Router } from '#ui/router.svelte.ts';

test.each([
  ['/', { screen: 'operator' }],
  ['/history', { screen: 'history' }],
  ['/history/', { screen: 'history' }],
  ['/analysis', { screen: 'analysis' }],
  ['/workshop', { screen: 'workshop' }],
  ['/runs/01938d2e', { screen: 'run', id: '01938d2e' }],
  ['/runs/a%20b', { screen: 'run', id: 'a b' }],
  ['/runs/%', { screen: 'run', id: '%' }],
  ['/runs/', { screen: 'unknown' }],
  ['/fixtures', { screen: 'fixtures' }],
  ['/queue', { screen: 'queue' }],
  ['/fleet', { screen: 'fleet' }],
  ['/stations', { screen: 'stations' }],
  ['/settings', { screen: 'settings' }],
  ['/help', { screen: 'help', id: '' }],
  ['/help/', { screen: 'help', id: '' }],
  ['/help/code/fixture-missing', { screen: 'help', id: 'code/fixture-missing' }],
  ['/helpx', { screen: 'unknown' }],
  ['/sandbox', { screen: 'unknown' }],
  ['/toString', { screen: 'unknown' }],
])('%s', (path, route) => {
  expect(routeOf(path)).toEqual(route);
});

test('a search stands in the address, and goes from it', () => {
  const location = { pathname: '/history', search: '?find=SN-0%2B1' };
  const replaced: string[] = [];
  const history = { state: null, replaceState: (_: unknown, __: string, path: string) => replaced.push(path) };
  const router = new Router({ location, history } as unknown as Window);
  expect(router.search).toBe('SN-0+1');
  router.noteSearch('a&b');
  router.noteSearch('');
  expect(replaced).toEqual(['/history?find=a%26b', '/history']);
});

test('USB ids become the chooser’s filters; what is none is left out', () => {
  expect(deviceFilters(['0403:6001', '2a8d:*', 'nonsense', ''])).toEqual([
    { vendorId: 0x0403, productId: 0x6001 },
    { vendorId: 0x2a8d },
  ]);
});
