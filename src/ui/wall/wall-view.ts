/**
 * What a wall view shows of a station, as plain data that one window can tell another: words and figures, no state.
 *
 * Made from what the operator's screen itself reads, so that both say the same. Above: wall-teller.svelte.ts. Knows
 * nothing of channels and elements.
 */
import type { StationView } from '#engine/link/station-link.ts';
import type { EmergencyDesk } from '#ui/operator/emergency-desk.svelte.ts';
import { type CardLook, CardState } from '#ui/operator/card-state.svelte.ts';
import { counted, formatYield, type MarkShape } from '#ui/parts/words.ts';
import type { SlotState } from '#ui/slot-state.svelte.ts';
import type { StationState } from '#ui/station-state.svelte.ts';

export interface WallSlot {
  readonly key: string;
  /** Empty where the station has no slots. */
  readonly name: string;
  readonly look: CardLook;
  readonly mark: MarkShape;
  readonly word: string;
  readonly serial: string;
  /** What went wrong, or what a person has to do; empty when nothing is. */
  readonly reason: string;
  /** A question waits for its answer. */
  readonly asks: boolean;
  /** Phases that are over, of all; both 0 before the first run. */
  readonly done: number;
  readonly phases: number;
  /** How long its run has been under way when this was told, ms; null when none is. */
  readonly elapsedMs: number | null;
}

export interface WallView {
  readonly station: string;
  readonly procedure: string;
  readonly usualMs: number;
  readonly simulated: boolean;
  readonly connection: StationView['connection'];
  readonly waiting: number;
  readonly parked: number;
  readonly runsToday: number;
  /** As a person reads it; empty before the first run of a day. */
  readonly yieldToday: string;
  /** What needs a person, the worst first, one sentence each. */
  readonly troubles: readonly string[];
  readonly slots: readonly WallSlot[];
}

export function wallViewOf(station: StationState, emergency: EmergencyDesk, nowMs: number): WallView {
  const { view, slots } = station;
  const { procedure, today, queue } = view;
  return {
    station: view.station,
    procedure: procedure ? `${procedure.name} ${procedure.version}`.trim() : 'No procedure',
    usualMs: procedure?.usualMs ?? 0,
    simulated: view.simulated,
    connection: view.connection,
    waiting: queue.waiting,
    parked: queue.parked,
    runsToday: today.runs,
    yieldToday: today.runs > 0 ? formatYield(today.firstPassYield) : '',
    troubles: troublesOf(view),
    slots: slots.map((slot) => wallSlotOf(slot, { station, emergency, nowMs })),
  };
}

interface Around {
  readonly station: StationState;
  readonly emergency: EmergencyDesk;
  readonly nowMs: number;
}

function wallSlotOf(slot: SlotState, { station, emergency, nowMs }: Around): WallSlot {
  const card = new CardState(station, slot, emergency);
  const { run, key, name } = slot;
  const isFree = card.look === 'ready';
  return {
    key,
    name,
    look: card.look,
    mark: card.mark,
    word: isFree ? 'Ready' : card.word,
    serial: isFree ? '' : card.serial,
    reason: card.reason?.sentence ?? (card.look === 'unready' ? card.line(null) : ''),
    asks: station.view.prompts.some((prompt) => prompt.waits && prompt.run === run?.record.id),
    done: run?.phases.filter(({ last }) => last?.outcome != null).length ?? 0,
    phases: run?.phases.length ?? 0,
    elapsedMs: card.look === 'run' && run ? Math.max(0, nowMs - run.startedAtMs) : null,
  };
}

function troublesOf({ refusal, standstill, notices, queue }: StationView): string[] {
  const worst = ({ tone }: { readonly tone: string }) => (tone === 'error' ? 0 : 1);
  return [
    refusal?.message,
    standstill?.message,
    queue.hold?.message,
    ...notices
      .filter(({ tone }) => tone !== 'info')
      .toSorted((a, b) => worst(a) - worst(b))
      .map(({ message }) => message),
    queue.parked > 0 ? `${counted(queue.parked, 'run')} cannot be uploaded without a person.` : undefined,
  ].filter((sentence, at, all): sentence is string => sentence !== undefined && all.indexOf(sentence) === at);
}
