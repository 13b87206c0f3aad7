/**
 * The operating system, as far as the browser tells: what is allowed to a page, and what is in its way, differs by it
 * (browser-hardware, 2.2 and 2.6).
 *
 * A type. Who finds out: bench-worker/host-system.ts.
 */
export type HostSystem = 'windows' | 'macos' | 'linux' | 'chromeos' | 'android' | 'unknown';
