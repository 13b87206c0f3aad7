import { expect, test } from 'vitest';
import { APP_ROUTE } from '#sw/app-routes.ts';

test.each([
  '/',
  '/?source=pwa',
  '/history',
  '/history/',
  '/analysis',
  '/workshop',
  '/runs/0191e4a2',
  '/fixtures',
  '/queue',
  '/fleet',
  '/stations',
  '/settings?x=1',
  '/help',
  '/help/',
  '/help/code/fixture-missing',
  '/help/guides/operator?find=scan',
])('1: %s is the app', (path) => expect(APP_ROUTE.test(path)).toBe(true));

test.each([
  '/sandbox',
  '/tofupilot/v2/runs',
  '/fleet/manifest.json',
  '/fleet/stations',
  '/healthz',
  '/readyz',
  '/metrics',
  '/runs',
  '/runs/a/b',
  '/historyx',
  '/helpx',
  '/assets/index.js',
  '/telemetry/logs',
])('1: %s is the server’s', (path) => expect(APP_ROUTE.test(path)).toBe(false));
