/**
 * Which operating system this is, as far as the browser tells: what a page may do with devices differs by it.
 *
 * Pure but for the navigator handed in. Used for remedies, and to know a tablet.
 */
import type { HostSystem } from '#hardware/transport/host-system.ts';

interface NavigatorLike {
  readonly userAgent: string;
  readonly userAgentData?: { readonly platform?: string };
}

/** As `userAgentData` names them, and as the user agent does where there is none. */
const NAMES: readonly (readonly [pattern: RegExp, system: HostSystem])[] = [
  [/Android/, 'android'],
  [/Chrome ?OS|CrOS/, 'chromeos'],
  [/Windows/, 'windows'],
  [/macOS|Macintosh/, 'macos'],
  [/Linux/, 'linux'],
];

export function hostSystem({ userAgent, userAgentData }: NavigatorLike): HostSystem {
  const name = userAgentData?.platform || userAgent;
  return NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? 'unknown';
}
