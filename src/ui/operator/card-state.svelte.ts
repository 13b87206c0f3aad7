/**
 * What a slot's card shows, decided in one place: look, words, and what a screen reader says of it.
 *
 * The room of a station with one slot has a mind of its own (room-state.svelte.ts): there a refusal and the hint what to
 * do next stand in the room itself. Derived only; it keeps nothing. Knows nothing of elements.
 */
import type { EmergencyDesk } from '#ui/operator/emergency-desk.svelte.ts';
import type { Look } from '#ui/operator/room-state.svelte.ts';
import { firstReason, troubleSoFar, type Reason } from '#ui/parts/first-reason.ts';
import { formatDuration } from '#ui/parts/moment.ts';
import { OUTCOME_ADVICE, OUTCOME_MARKS, type MarkShape } from '#ui/parts/words.ts';
import type { LiveRun } from '#ui/live-run.svelte.ts';
import type { SlotState } from '#ui/slot-state.svelte.ts';
import type { StationState } from '#ui/station-state.svelte.ts';

export type CardLook = Exclude<Look, 'refused'> | 'waiting';

const ENDING = 'Every wire is cut. Waiting for the safe state.';

export class CardState {
  readonly #station: StationState;
  readonly #slot: SlotState;
  readonly #emergency: EmergencyDesk;

  constructor(station: StationState, slot: SlotState, emergency: EmergencyDesk) {
    this.#station = station;
    this.#slot = slot;
    this.#emergency = emergency;
  }

  get decided(): LiveRun | null {
    return this.#slot.decided;
  }

  readonly look: CardLook = $derived.by(() => {
    if (this.#slot.running) return 'run';
    if (this.#slot.waiting !== null) return 'waiting';
    const outcome = this.#slot.decided?.outcome;
    if (outcome) return OUTCOME_MARKS[outcome] as CardLook;
    if (this.#slot.run) return 'broken';
    if (this.#station.view.status === 'starting') return 'starting';
    return this.#trouble ? 'unready' : 'ready';
  });

  /** Its next unit is scanned next. */
  get isNext(): boolean {
    return this.#station.view.nextSlot === this.#slot.key && !this.isTaken;
  }

  get isTaken(): boolean {
    return this.#slot.running || this.#slot.waiting !== null;
  }

  get mark(): MarkShape {
    const outcome = this.decided?.outcome;
    if (outcome) return OUTCOME_MARKS[outcome];
    return this.look === 'broken' || this.look === 'unready' ? 'warning' : 'ready';
  }

  get word(): string {
    if (this.look === 'run') {
      if (this.#isEnding) return 'Emergency stop';
      return this.#slot.run ? (this.#slot.run.current?.name ?? 'Testing') : 'Starting';
    }
    const words: Readonly<Partial<Record<CardLook, string>>> = {
      waiting: 'Waiting',
      broken: 'The run was not kept',
      starting: 'Starting',
      unready: 'Not ready',
      ready: this.isNext ? 'Scan' : 'Empty',
    };
    return this.decided?.outcome ?? words[this.look] ?? '';
  }

  get serial(): string {
    return this.#slot.serial;
  }

  /** What went wrong: of a run under way so far, of one that is over first. */
  readonly reason: Reason | null = $derived.by(() => {
    if (this.decided) return firstReason(this.decided.record);
    const { run, running } = this.#slot;
    // Read, so that each change of a phase is seen.
    return running && run && run.phases.some(({ last }) => last?.ended_ms != null) ? troubleSoFar(run.record) : null;
  });

  /** One line under the word. @param elapsedMs of a run under way; null before it began */
  line(elapsedMs: number | null): string {
    const outcome = this.decided?.outcome;
    switch (this.look) {
      case 'run':
        return this.#isEnding ? ENDING : this.#pace(elapsedMs);
      case 'waiting':
        return 'until the other slots are filled';
      case 'unready':
        return this.#trouble;
      case 'broken':
        return 'Read the message above, then test the unit again.';
      default:
        return outcome ? OUTCOME_ADVICE[outcome] : '';
    }
  }

  /** No phase is under way: another slot has what this one needs, or ends its part. */
  get isIdle(): boolean {
    const last = this.#slot.run?.current?.last;
    return this.look === 'run' && !this.#isEnding && last != null && last.ended_ms !== null;
  }

  /** Beside a verdict: what all slots share may still be on for another one; empty when nothing is. */
  get live(): string {
    return this.decided ? this.#station.sharedPower : '';
  }

  /** For a screen reader: each change of the card in one breath, by the slot's name. */
  get said(): string {
    const { name } = this.#slot;
    if (this.decided) {
      const words = [this.decided.outcome, this.serial, this.reason?.sentence, this.live];
      return `${name}: ${words.filter(Boolean).join('. ')}`;
    }
    if (this.look === 'run')
      return `${name}: ${this.#isEnding ? 'Emergency stop. Every wire is cut.' : `testing ${this.serial}`}`;
    return this.look === 'waiting' ? `${name}: ${this.serial} waits` : '';
  }

  get #isEnding(): boolean {
    return this.#emergency.isEnding(this.#slot);
  }

  get #trouble(): string {
    const { plugs, procedure } = this.#station.view;
    if (!procedure) return 'This station has no procedure yet.';
    const plug = plugs.find(({ state, slot }) => state !== 'ready' && (slot ?? this.#slot.key) === this.#slot.key);
    return plug ? `${plug.message} ${plug.remedy}` : '';
  }

  #pace(elapsedMs: number | null): string {
    const { run } = this.#slot;
    const usualMs = this.#station.view.procedure?.usualMs ?? 0;
    const parts = [
      run?.current ? `phase ${run.phases.indexOf(run.current) + 1} of ${run.phases.length}` : '',
      elapsedMs === null ? '' : formatDuration(elapsedMs),
      usualMs > 0 ? `usual ${formatDuration(usualMs)}` : '',
    ];
    return parts.filter(Boolean).join(' · ');
  }
}
