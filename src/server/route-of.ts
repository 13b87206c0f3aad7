/** The name of the part of the server that answers a path: the only thing about a path that is counted or logged. */
const ROUTES: readonly (readonly [RegExp, string])[] = [
  [/^\/tofupilot\/upload\//, 'upload'],
  [/^\/tofupilot\//, 'tofupilot'],
  [/^\/fleet\/./, 'fleet'],
  [/^\/scripts\/./, 'scripts'],
  [/^\/workshop\/./, 'workshop'],
  [/^\/telemetry\//, 'telemetry'],
  [/^\/sandbox(\/|$)/, 'sandbox'],
  [/^\/(healthz|readyz)$/, 'health'],
  [/^\/metrics$/, 'metrics'],
  [/^\/schema\//, 'schema'],
  [/^\/assets\//, 'assets'],
];

export function routeOf(path: string): string {
  return ROUTES.find(([pattern]) => pattern.test(path))?.[1] ?? 'app';
}
