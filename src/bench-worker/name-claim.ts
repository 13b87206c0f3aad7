/**
 * Whether this station has its name to itself: what servers said of another one, and what a supervisor said then.
 *
 * Says so on the screen, and stands against the next run where it must. Above: health-desk.ts, which speaks with servers.
 * Knows nothing of heartbeats beyond their answers.
 */
import type { Collision, HeartbeatAnswer } from '#fleet/health/heartbeat.ts';
import { informed, type Installation, takingOver } from '#fleet/health/installation.ts';
import type { LocalStore } from '#storage/store/open.ts';
import { COLLISION, collisionNotice, standstill } from './collision-words.ts';
import { keepInstallation } from './health-memory.ts';
import type { View } from './view.ts';

export type ClaimStore = Pick<LocalStore, 'get' | 'set'> & {
  readonly outside: Pick<LocalStore['outside'], 'numbersFollow'>;
};

export interface NameClaimOptions {
  readonly store: Promise<ClaimStore>;
  readonly view: View;
  readonly newId: () => string;
  /** UTC, ISO 8601. */
  readonly now: () => string;
}

export class NameClaim {
  readonly #options: NameClaimOptions;
  /** undefined until this browser's data is a station for the first time. */
  installation: Installation | undefined;

  constructor(options: NameClaimOptions) {
    this.#options = options;
  }

  /** What was known stays true until a server says otherwise: a reload is no way around it. */
  load(installation: Installation | undefined): void {
    this.installation = installation;
    this.#show();
  }

  /** The name is this one's, as soon as the other one starts no run any more. @returns false when nobody else has it */
  async takeOver(): Promise<boolean> {
    if (!this.installation?.collision) return false;
    this.installation = takingOver(this.installation);
    this.#show();
    await keepInstallation(await this.#options.store, this.installation);
    return true;
  }

  /**
   * @param answer null: there is no server to be asked, so a supervisor's word is all that there is
   * @returns whether the next answer is needed soon
   */
  async heed(answer: HeartbeatAnswer | null): Promise<boolean> {
    const before = this.installation;
    if (!before) return false;
    const { isTaking } = before;
    const collision = answer?.collision ?? null;
    const isAlone = answer === null ? isTaking : answer.alone;
    if (!collision && (!isAlone || !before.collision)) return isTaking;
    const { newId, now } = this.#options;
    const after = informed(before, collision, { id: newId(), at: now() });
    const mayBegin = isTaking && (collision ? collision.role === 'first' && collision.other.stopped : isAlone);
    await this.#become(mayBegin ? { ...after, isTaking: false } : after, mayBegin ? numbersOf(before, collision) : 0);
    const isNewlyLater = collision?.role === 'later' && before.collision?.role !== 'later';
    return after.isTaking && !mayBegin ? true : isNewlyLater;
  }

  /** @param lastSeq no number up to this one is used here any more */
  async #become(installation: Installation, lastSeq: number): Promise<void> {
    const isSame = outlineOf(this.installation) === outlineOf(installation);
    this.installation = installation;
    const store = await this.#options.store;
    // Before a run can begin here: no number is used twice under one name.
    if (lastSeq > 0) await store.outside.numbersFollow(lastSeq);
    if (!isSame) await keepInstallation(store, installation);
    this.#show();
  }

  #show(): void {
    const { view } = this.#options;
    const { installation } = this;
    const word = installation ? standstill(installation) : null;
    if (JSON.stringify(view.current.standstill ?? null) !== JSON.stringify(word)) view.change({ standstill: word });
    const notice = installation ? collisionNotice(installation) : null;
    if (!notice) return view.dismiss(COLLISION);
    const said = view.current.notices.find(({ code }) => code === COLLISION);
    if (said?.message !== notice.message) view.notice(notice);
  }
}

/** What may not be forgotten; the rest is written with the counts, when no run needs the disk. */
function outlineOf(one: Installation | undefined): string {
  const { id, since, term, isTaking, collision } = one ?? {};
  return JSON.stringify([
    id,
    since,
    term,
    isTaking,
    collision?.role,
    collision?.other.installation,
    collision?.other.term,
  ]);
}

function numbersOf({ collision: known }: Installation, told: Collision | null): number {
  return Math.max(known?.other.last_seq ?? 0, told?.other.last_seq ?? 0);
}
