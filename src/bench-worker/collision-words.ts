/** What is said at a station whose name another one has, too. Words only. */
import type { Notice, Word } from '#engine/link/station-link.ts';
import type { Installation } from '#fleet/health/installation.ts';

export const COLLISION = 'identity-collision';
const TAKEOVER = 'identity-takeover';

/** null: there is nothing to be said. */
export function collisionNotice(installation: Installation): Notice | null {
  const { collision, station } = installation;
  const word = standstill(installation);
  if (word) return { ...word, code: COLLISION, tone: 'error' };
  if (!collision) return null;
  return {
    code: COLLISION,
    tone: 'warning',
    message: `A second computer works under the name ${station} (${who(installation)}).`,
    remedy: 'It starts no run until it has a name of its own: enrol it anew. Testing goes on here.',
  };
}

/** Why no run begins here; null: nothing stands against it. */
export function standstill(installation: Installation): Word | null {
  const { collision, station, term, isTaking } = installation;
  if (isTaking)
    return {
      code: TAKEOVER,
      message: `This computer takes over the name ${station}: no run begins here before the other one has stopped.`,
      remedy: 'That takes a minute or two. Switch the other one off if it does not end.',
    };
  if (collision?.role !== 'later') return null;
  return {
    code: COLLISION,
    message:
      collision.other.term > term
        ? `Another computer has taken over the name ${station} (${who(installation)}): no run begins here.`
        : `Another computer already works under the name ${station} (${who(installation)}): no run begins here.`,
    remedy:
      'Enrol this one under a name of its own. Where it replaces that one, a supervisor takes the name over under Settings.',
  };
}

function who({ collision }: Installation): string {
  const { browser = '', system = '' } = collision?.other ?? {};
  return [browser, system].filter((text) => text !== '').join(' on ') || 'another browser';
}
