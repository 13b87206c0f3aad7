/**
 * What the verdict's room shows, decided in one place: look, words, and what a screen reader says.
 *
 * Derived only; it keeps nothing. Knows nothing of elements.
 */
import type { EmergencyDesk } from '#ui/operator/emergency-desk.svelte.ts';
import type { ScanDesk } from '#ui/operator/scan-desk.svelte.ts';
import { firstReason, type Reason } from '#ui/parts/first-reason.ts';
import { formatDuration } from '#ui/parts/moment.ts';
import { OUTCOME_ADVICE, OUTCOME_MARKS, type MarkShape } from '#ui/parts/words.ts';
import type { LiveRun } from '#ui/live-run.svelte.ts';
import type { SlotState } from '#ui/slot-state.svelte.ts';
import type { StationState } from '#ui/station-state.svelte.ts';

export type Look =
  'starting' | 'ready' | 'unready' | 'run' | 'refused' | 'broken' | 'pass' | 'fail' | 'error' | 'timeout' | 'aborted';

export class RoomState {
  readonly #station: StationState;
  readonly #slot: SlotState;
  readonly #desk: ScanDesk;
  readonly #emergency: EmergencyDesk;

  constructor(station: StationState, slot: SlotState, desk: ScanDesk, emergency: EmergencyDesk) {
    this.#station = station;
    this.#slot = slot;
    this.#desk = desk;
    this.#emergency = emergency;
  }

  get decided(): LiveRun | null {
    return this.#desk.isBusy ? null : this.#slot.decided;
  }

  readonly look: Look = $derived.by(() => {
    if (this.#desk.isBusy) return 'run';
    const outcome = this.#slot.decided?.outcome;
    if (outcome) return OUTCOME_MARKS[outcome] as Look;
    if (this.#desk.refusal) return 'refused';
    if (this.#slot.run) return 'broken';
    if (this.#station.view.status === 'starting') return 'starting';
    return this.isAble ? 'ready' : 'unready';
  });

  get mark(): MarkShape {
    const outcome = this.decided?.outcome;
    if (outcome) return OUTCOME_MARKS[outcome];
    return this.look === 'broken' || this.look === 'unready' ? 'warning' : 'ready';
  }

  get serial(): string {
    return this.#slot.run?.record.serial_number ?? this.#desk.pending ?? '';
  }

  get title(): string {
    if (this.look === 'run') return this.#running();
    if (this.look === 'broken') return 'The run was not kept';
    return { starting: 'Starting', unready: 'Not ready' }[this.look as string] ?? 'Ready';
  }

  get hint(): string {
    const { status, procedure, plugs, recent } = this.#station.view;
    if (this.look === 'broken') return 'Read the message above, then test the unit again.';
    if (status === 'starting') return 'A unit may be scanned already.';
    if (!procedure) return 'This station has no procedure yet.';
    const plug = plugs.find(({ state }) => state !== 'ready');
    if (plug) return `${plug.message} ${plug.remedy}`;
    // On a station's first day nobody knows what a serial number looks like.
    const isNew = recent.length === 0 && procedure.serialPlaceholder !== '';
    return isNew ? `Scan a unit, or type ${procedure.serialPlaceholder} and press Enter` : 'Scan a unit to begin';
  }

  /** The one button in the room: where to put right what is wrong. */
  get way(): { readonly path: string; readonly name: string } | null {
    const isFixture =
      this.look === 'unready' || (this.look === 'refused' && this.#desk.refusal?.code.startsWith('fixture'));
    if (!isFixture) return null;
    return this.#station.view.procedure
      ? { path: '/fixtures', name: 'Open fixtures' }
      : { path: '/fleet', name: 'Open procedures' };
  }

  /** Whether a scan would start a run, as far as the screen can know. */
  get isAble(): boolean {
    const { procedure, plugs } = this.#station.view;
    return procedure !== null && plugs.every(({ state }) => state === 'ready');
  }

  /** `phase 3 of 5 · 2.1 s · usual 4.1 s`, as far as it is known. */
  pace(elapsedMs: number | null): string {
    if (this.#emergency.isEnding(this.#slot)) return 'Every wire is cut. Waiting for the safe state.';
    const run = this.#slot.run;
    const usualMs = this.#station.view.procedure?.usualMs ?? 0;
    const parts = [
      run?.current && this.look === 'run' ? `phase ${run.phases.indexOf(run.current) + 1} of ${run.phases.length}` : '',
      elapsedMs === null ? '' : formatDuration(elapsedMs),
      usualMs > 0 ? `usual ${formatDuration(usualMs)}` : '',
      this.decided?.record.simulated ? 'simulated' : '',
    ];
    return parts.filter(Boolean).join(' · ');
  }

  readonly reason: Reason | null = $derived.by(() => (this.decided ? firstReason(this.decided.record) : null));

  get advice(): string {
    const outcome = this.decided?.outcome;
    return outcome ? OUTCOME_ADVICE[outcome] : '';
  }

  /** For a screen reader: every change of the room in one breath, and nothing else. */
  get said(): string {
    const refusal = this.#desk.refusal;
    if (this.decided) return [this.decided.outcome, this.serial, this.reason?.sentence].filter(Boolean).join('. ');
    if (this.look === 'refused' && refusal) return `Not started. ${refusal.message} ${refusal.remedy}`;
    if (this.#emergency.isEnding(this.#slot)) return 'Emergency stop. Every wire is cut.';
    return this.look === 'run' ? `Testing ${this.serial}` : '';
  }

  #running(): string {
    if (this.#emergency.isEnding(this.#slot)) return 'Emergency stop';
    const run = this.#slot.run;
    return run ? (run.current?.name ?? 'Testing') : 'Starting';
  }
}
