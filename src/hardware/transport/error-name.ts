/**
 * The name of whatever a browser threw: errors of devices are told apart by it (pitfall 6: never by class).
 *
 * Pure. Knows nothing of what the names mean.
 */
export function nameOf(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'name' in thrown ? String(thrown.name) : '';
}
