/** What is said at a station whose name another one has, too. Words only. */
import type { Notice, Word } from '#engine/link/station-link.ts';
import type { Collision } from '#fleet/health/heartbeat.ts';

export const COLLISION = 'identity-collision';

/** @param term of this installation */
export function collisionNotice({ role, other }: Collision, station: string, term: number): Notice {
  const who = [other.browser, other.system].filter((text) => text !== '').join(' on ') || 'another browser';
  if (role === 'first')
    return {
      code: COLLISION,
      tone: 'warning',
      message: `A second computer works under the name ${station} (${who}).`,
      remedy: 'It starts no run until it has a name of its own: enrol it anew. Testing goes on here.',
    };
  return { ...standstillWord(other.term > term, who, station), tone: 'error' };
}

/** Why no run begins here. */
export function standstill(collision: Collision | null, station: string, term: number): Word | null {
  if (collision?.role !== 'later') return null;
  const { code, message, remedy } = collisionNotice(collision, station, term);
  return { code, message, remedy };
}

function standstillWord(isTaken: boolean, who: string, station: string): Word {
  return {
    code: COLLISION,
    message: isTaken
      ? `Another computer has taken over the name ${station} (${who}): no run begins here.`
      : `Another computer already works under the name ${station} (${who}): no run begins here.`,
    remedy:
      'Enrol this one under a name of its own. Where it replaces that one, a supervisor takes the name over under Settings.',
  };
}
