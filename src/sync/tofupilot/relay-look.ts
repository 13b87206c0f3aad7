/**
 * Asks the relay on this origin whether it reaches TofuPilot: no key, and nothing that TofuPilot would feel.
 *
 * For what the header says while nothing is to be sent. Knows nothing of runs or of this station's key.
 */
import { messageOf } from '#base/fault.ts';
import type { ReachAnswer } from '#sync/outbox/ports.ts';
import type { Attempts } from '#sync/tofupilot/attempt.ts';

/**
 * @param baseUrl the relay on this origin, e.g. `/tofupilot`
 * @param attempts told which server process has answered: one that was started anew would refuse the next run otherwise,
 * and its lookup would cost more than the run
 * @returns `offline` when the relay says so or nobody answers; a relay that does not know the question keeps nobody
 * from sending
 */
export function createRelayLook(
  baseUrl: string,
  fetch: typeof globalThis.fetch,
  attempts: Pick<Attempts, 'heard'>,
): (signal: AbortSignal) => Promise<ReachAnswer> {
  return async (signal) => {
    try {
      const response = await fetch(`${baseUrl}/reach`, { cache: 'no-store', redirect: 'error', signal });
      // A captive portal answers everything.
      if (response.headers.get('content-type')?.includes('text/html'))
        return { kind: 'offline', message: 'Something other than this station’s server answered.' };
      attempts.heard(response.headers);
      const answer: unknown = await response.json().catch(() => null);
      const isGone = response.status >= 500 || (answer as { api?: unknown } | null)?.api === 'offline';
      return isGone ? { kind: 'offline', message: 'The server does not reach TofuPilot.' } : { kind: 'online' };
    } catch (thrown) {
      return { kind: 'offline', message: messageOf(thrown) };
    }
  };
}
