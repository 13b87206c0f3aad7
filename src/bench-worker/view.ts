/**
 * What the page shows, kept in one place and told in changes.
 *
 * Every part of the station writes here; nothing here decides anything. Above it: all other files of this door.
 */
import type { Notice, StationNews, StationView, Word } from '#engine/link/station-link.ts';
import { ONLY_SLOT } from '#procedure/slots.ts';

export const FIRST_VIEW: StationView = {
  status: 'starting',
  station: '',
  tryout: false,
  simulated: false,
  connection: 'offline',
  procedures: [],
  procedure: null,
  plugs: [],
  scanners: [],
  queue: { waiting: 0, parked: 0, uploadedToday: 0, hold: null },
  recent: [],
  today: { runs: 0, firstPassYield: 0 },
  refusal: null,
  notices: [],
  running: false,
  slots: [{ key: ONLY_SLOT.key, name: ONLY_SLOT.name, running: false, serial: null }],
  nextSlot: ONLY_SLOT.key,
  prompts: [],
  persisted: null,
  filesWait: null,
  folder: null,
  people: {
    listed: [],
    signedIn: null,
    isRequired: false,
    barred: {},
    hasStationPin: false,
    signIn: { idleMin: 0, retestReason: false, retestBy: 'operator', failSeenBy: 'nobody' },
  },
  asking: null,
  clock: null,
};

export class View {
  current: StationView = FIRST_VIEW;
  readonly #tell: (news: StationNews) => void;

  constructor(tell: (news: StationNews) => void) {
    this.#tell = tell;
  }

  change(change: Partial<StationView>): void {
    this.current = { ...this.current, ...change };
    this.#tell({ kind: 'view', change });
  }

  scanned(text: string): void {
    this.#tell({ kind: 'scanned', text });
  }

  refuse(word: Word): void {
    this.change({ refusal: word });
  }

  /** Shows a notice; one of the same code is replaced. */
  notice(notice: Notice): void {
    this.change({ notices: [...this.current.notices.filter(({ code }) => code !== notice.code), notice] });
  }

  dismiss(code: string): void {
    if (this.current.notices.some((notice) => notice.code === code))
      this.change({ notices: this.current.notices.filter((notice) => notice.code !== code) });
  }
}
