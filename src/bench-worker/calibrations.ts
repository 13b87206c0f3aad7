/**
 * The calibration of what is on the bench: what a run records of it, whether a run may begin, and what people are told.
 *
 * Above: station.ts, run-starts.ts. Below: calibration-book.ts. A simulated plug is never asked for a date, nor is one
 * of which the procedure says that it has none. Knows nothing of screens.
 */
import type { Clock } from '#base/clock.ts';
import { daysUntil, utcDay } from '#base/day.ts';
import type { CalibrationWish, PlugCalibration } from '#engine/link/fixture-link.ts';
import type { Word } from '#engine/link/station-link.ts';
import { type Calibration, calibrationState } from '#fleet/calibration/calibration.ts';
import type { PlugStatus } from '#hardware/bench/bench.ts';
import { identityOf, type InstrumentIdentity } from '#hardware/bench/instrument-identity.ts';
import type { Procedure } from '#procedure/procedure.ts';
import { type InstrumentRecord, instrumentRecord } from '#record/instrument.ts';
import { CalibrationBook, type CalibrationBookOptions } from './calibration-book.ts';
import { overdueWord, undatedWord } from './calibration-words.ts';
import type { View } from './view.ts';

export interface CalibrationsOptions extends CalibrationBookOptions {
  readonly view: View;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** null while no procedure is selected that can be read. */
  readonly fixture: { readonly procedure: Pick<Procedure, 'plugs'> | null };
}

interface Looked {
  readonly plug: PlugStatus;
  readonly identity: InstrumentIdentity;
  /** Whether the plug is asked for a date at all. */
  readonly isAsked: boolean;
  readonly calibration: Calibration | null;
}

const CODES = ['calibration-overdue', 'calibration-unknown'] as const;

export class Calibrations {
  readonly #options: CalibrationsOptions;
  readonly #book: CalibrationBook;
  /** By code: what was told last. What a person has dismissed comes back only when it has changed. */
  readonly #told = new Map<string, string>();

  constructor(options: CalibrationsOptions) {
    this.#options = options;
    this.#book = new CalibrationBook(options);
  }

  async load(): Promise<void> {
    await this.#book.load();
  }

  /** Of plugs that were just asked who they are. @returns what the run records of them, or why it does not begin */
  forRun(plugs: readonly PlugStatus[], procedure: Pick<Procedure, 'plugs'>): readonly InstrumentRecord[] | Word {
    const today = utcDay(this.#options.clock.nowMs());
    const looked = plugs.map((plug) => this.#look(plug, procedure));
    const obstacle = this.#book.isRequired ? looked.map((one) => troubleOf(one, today)).find(Boolean) : null;
    return (
      obstacle ??
      looked.map(({ plug, identity, calibration }) =>
        instrumentRecord(plug.key, identity, calibration && { ...calibration, isOver: isOver(calibration, today) }),
      )
    );
  }

  /** Of each plug whose instrument is known and asked for a date. */
  list(): readonly PlugCalibration[] {
    const today = utcDay(this.#options.clock.nowMs());
    return this.#known().map(({ plug, identity, calibration }) => {
      const { serialNumber: serial = '' } = identity;
      const { due = '', certificate = '', name = '', calibrated = '', from = null } = calibration ?? {};
      const entered = this.#book.entered(serial);
      return {
        plug: plug.key,
        ...(plug.slot === undefined ? {} : { slot: plug.slot }),
        serial,
        instrument: name,
        due,
        calibrated,
        certificate,
        from,
        entered: { due: entered?.due ?? '', certificate: entered?.certificate ?? '' },
        state: calibration ? calibrationState(calibration.due, today, this.#book.soonDays) : 'undated',
        daysLeft: calibration ? daysUntil(calibration.due, today) : 0,
        isRequired: this.#book.isRequired,
      };
    });
  }

  /** @throws {Fault} `calibration-refused` with what is wrong */
  async enter(wish: CalibrationWish): Promise<void> {
    await this.#book.enter(wish);
    this.show();
  }

  /** Says what is past its date; called when a plug, the fleet's list or the day may have changed. */
  show(): void {
    const today = utcDay(this.#options.clock.nowMs());
    const words = this.#known().flatMap((one) => troubleOf(one, today) ?? []);
    const { isRequired } = this.#book;
    for (const code of CODES) {
      const found = words.filter((word) => word.code === code && (isRequired || code === 'calibration-overdue'));
      this.#tell(code, found, isRequired);
    }
  }

  #tell(code: string, words: readonly Word[], isRequired: boolean): void {
    const { view } = this.#options;
    const message = [...new Set(words.map((word) => word.message))].join(' ');
    const tone = isRequired ? 'error' : 'warning';
    if (this.#told.get(code) === `${tone} ${message}`) return;
    this.#told.set(code, `${tone} ${message}`);
    const [first] = words;
    if (!first) return view.dismiss(code);
    const stops = isRequired ? ' Until then no unit is tested.' : '';
    view.notice({ code, tone, message, remedy: `${first.remedy}${stops}` });
  }

  #known(): readonly Looked[] {
    const { fixture, view } = this.#options;
    const { procedure } = fixture;
    if (!procedure) return [];
    return view.current.plugs
      .filter(({ state, identity }) => state === 'ready' || identity !== '')
      .map((plug) => this.#look(plug, procedure))
      .filter(({ isAsked }) => isAsked);
  }

  #look(plug: PlugStatus, { plugs }: Pick<Procedure, 'plugs'>): Looked {
    const identity = identityOf(plug);
    const isAsked = !plug.simulated && plugs.find(({ key }) => key === plug.key)?.calibration !== 'none';
    const serial = identity.serialNumber;
    return { plug, identity, isAsked, calibration: isAsked && serial ? this.#book.find(serial) : null };
  }
}

function troubleOf({ plug, identity, isAsked, calibration }: Looked, today: string): Word | null {
  if (!isAsked) return null;
  const { serialNumber: serial = '' } = identity;
  if (!calibration) return undatedWord(plug.name, serial);
  return isOver(calibration, today) ? overdueWord(plug.name, serial, calibration) : null;
}

function isOver({ due }: Calibration, today: string): boolean {
  return calibrationState(due, today) === 'overdue';
}
