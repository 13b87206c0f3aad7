/**
 * A whole bench of simulated instruments, as `bench.yaml` describes it, and the units that lie on its fixtures.
 *
 * With slots each slot has its unit: a wire of its own answers for that one, a wire that all share for the unit of the
 * slot that asks. Gives the resource manager one peer a plug. Runs in a worker and in Node alike; the same seed and the same commands
 * give the same answers. Knows nothing of sessions or procedures.
 */
import type { Clock } from '#base/clock.ts';
import { Emitter, type Listener } from '#base/emitter.ts';
import { readBenchData, type Answer, type BenchData } from '#hardware/transport/simulated/bench-data.ts';
import { SeededRandom } from '#hardware/transport/simulated/random.ts';
import { SimulatedInstrument, type Reply, type Speech } from '#hardware/transport/simulated/simulated-instrument.ts';
import { SimulatedTransport } from '#hardware/transport/simulated/simulated-transport.ts';
import type { Transport } from '#hardware/transport/transport.ts';
import { after } from '#hardware/waiting.ts';

/** What the wire of a plug needs to know of the plug. */
export interface SimulatedWire {
  readonly key: string;
  readonly terminator: string;
  /** Whose it is; absent: everybody's. */
  readonly slot?: string;
  /** Answered with `SIMULATED,<KEY>,0,0` when the bench does not say otherwise. */
  readonly identityQuery: string;
  /** How an instrument of this class answers what the bench does not state; absent: not at all. */
  readonly twin?: { readonly speech?: Speech; reply?(command: string): Reply | undefined };
}

/**
 * @param value what YAML made of `bench.yaml`; null or undefined is a bench that knows no command
 * @param seed of its random answers
 * @throws {Fault} `bench-shape`, naming the place
 */
export function parseBench(value: unknown, seed = 1): SimulatedBench {
  return new SimulatedBench(readBenchData(value), seed);
}

export class SimulatedBench {
  readonly #data: BenchData;
  readonly #random: SeededRandom;
  readonly #mended = new Emitter<void>();
  /** By slot, as all of the following; empty where there are none. */
  readonly #serials = new Map<string, string>();
  readonly #turns = new Map<string, Map<Answer, number>>();
  /** Wires that are cut, each with its slot. */
  readonly #cut = new Map<string, { readonly slot: string | undefined }>();
  /** Who asked last over a wire that all share, by plug. */
  readonly #asking = new Map<string, string>();

  constructor(data: BenchData, seed: number) {
    this.#data = data;
    this.#random = new SeededRandom(seed);
  }

  /** Another unit was put on the fixture: its answers hold, every list begins anew, cut wires are plugged in again. */
  setUnit(serial: string, slot = ''): void {
    this.#serials.set(slot, serial);
    this.#turns.delete(slot);
    for (const [wire, { slot: owner = slot }] of this.#cut) if (owner === slot) this.#cut.delete(wire);
    this.#mended.emit();
  }

  /** What is sent from now on over the plug's wire, which all slots share, is about the unit of this one. */
  asks(plug: string, slot: string): void {
    this.#asking.set(plug, slot);
  }

  /** Wires that were cut may be there again. */
  onMended(listener: Listener<void>): () => void {
    return this.#mended.on(listener);
  }

  /** False when the answer to the plug's identity query is the one that every simulated plug gives. */
  statesIdentity(wire: SimulatedWire): boolean {
    return this.#answer(wire, wire.identityQuery) !== undefined;
  }

  /** @param onUnknown told of every query that the bench has no answer for: it stays unanswered, so it cannot pass */
  transport(wire: SimulatedWire, clock: Clock, onUnknown: (query: string) => void): Transport {
    const instrument = new SimulatedInstrument({
      label: `simulated ${wire.key}`,
      terminator: wire.terminator,
      clock,
      isCut: () => this.#cut.has(nameOf(wire)),
      ...(wire.twin?.speech ? { speech: wire.twin.speech } : {}),
      reply: (command) => this.#reply(wire, command, clock, onUnknown),
    });
    return new SimulatedTransport(`simulated ${wire.key}`, instrument, clock);
  }

  #reply(wire: SimulatedWire, command: string, clock: Clock, onUnknown: (query: string) => void): Reply {
    const answer = this.#answer(wire, command);
    if (answer) return this.#resolve(answer, wire, clock);
    const own = wire.twin?.reply?.(command);
    if (own) return own;
    if (command === wire.identityQuery) return { text: `SIMULATED,${wire.key.toUpperCase()},0,0` };
    if (command.includes('?')) onUnknown(command);
    return {};
  }

  #slotOf({ key, slot }: SimulatedWire): string {
    return slot ?? this.#asking.get(key) ?? '';
  }

  #answer(wire: SimulatedWire, command: string): Answer | undefined {
    const { units, slots, plugs } = this.#data;
    const slot = this.#slotOf(wire);
    const serial = this.#serials.get(slot) ?? '';
    const unit = units.find(({ pattern }) => pattern.test(serial));
    for (const answers of [unit?.plugs, slots.get(slot), plugs]) {
      const answer = answers?.get(wire.key)?.get(command);
      if (answer) return answer;
    }
  }

  #resolve(answer: Answer, wire: SimulatedWire, clock: Clock): Reply {
    switch (answer.kind) {
      case 'text':
        return { text: answer.text };
      case 'turns': {
        const slot = this.#slotOf(wire);
        const turns = this.#turns.get(slot) ?? new Map<Answer, number>();
        const turn = turns.get(answer) ?? 0;
        this.#turns.set(slot, turns.set(answer, turn + 1));
        const chosen = answer.answers[Math.min(turn, answer.answers.length - 1)];
        return chosen ? this.#resolve(chosen, wire, clock) : {};
      }
      case 'normal':
        // Seven digits: what a good bench multimeter prints.
        return { text: String(Number(this.#random.normal(answer.mean, answer.sigma).toPrecision(7))) };
      case 'after':
        return { delayMs: answer.delayMs, ...this.#resolve(answer.answer, wire, clock) };
      case 'nothing':
        return {};
      case 'lost':
        this.#cut.set(nameOf(wire), { slot: wire.slot });
        return { cut: true };
      case 'reboot':
        this.#cutFor(answer.awayMs, wire, clock);
        return { cut: true };
      case 'raw':
        return { raw: answer.bytes };
    }
  }

  #cutFor(awayMs: number, wire: SimulatedWire, clock: Clock): void {
    const name = nameOf(wire);
    const cut = { slot: wire.slot };
    this.#cut.set(name, cut);
    after(clock, awayMs, () => {
      // Cut anew meanwhile, or mended for another unit: that is no business of this one.
      if (this.#cut.get(name) !== cut) return;
      this.#cut.delete(name);
      this.#mended.emit();
    });
  }
}

function nameOf({ key, slot = '' }: SimulatedWire): string {
  return `${slot}/${key}`;
}
