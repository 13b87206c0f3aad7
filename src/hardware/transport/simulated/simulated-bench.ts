/**
 * A whole bench of simulated instruments, as `bench.yaml` describes it, and the unit that lies on its fixture.
 *
 * Gives the resource manager one peer a plug. Runs in a worker and in Node alike; the same seed and the same commands
 * give the same answers. Knows nothing of sessions or procedures.
 */
import type { Clock } from '#base/clock.ts';
import { Emitter, type Listener } from '#base/emitter.ts';
import { readBenchData, type Answer, type BenchData } from '#hardware/transport/simulated/bench-data.ts';
import { SeededRandom } from '#hardware/transport/simulated/random.ts';
import { SimulatedInstrument, type Reply, type Speech } from '#hardware/transport/simulated/simulated-instrument.ts';
import { SimulatedTransport } from '#hardware/transport/simulated/simulated-transport.ts';
import type { Transport } from '#hardware/transport/transport.ts';

/** What the wire of a plug needs to know of the plug. */
export interface SimulatedWire {
  readonly key: string;
  readonly terminator: string;
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
  readonly #units = new Emitter<string>();
  readonly #turns = new Map<Answer, number>();
  readonly #cut = new Set<string>();
  #serial = '';

  constructor(data: BenchData, seed: number) {
    this.#data = data;
    this.#random = new SeededRandom(seed);
  }

  /** Another unit was put on the fixture: its answers hold, every list begins anew, cut wires are plugged in again. */
  setUnit(serial: string): void {
    this.#serial = serial;
    this.#turns.clear();
    this.#cut.clear();
    this.#units.emit(serial);
  }

  onUnit(listener: Listener<string>): () => void {
    return this.#units.on(listener);
  }

  /** False when the answer to the plug's identity query is the one that every simulated plug gives. */
  statesIdentity({ key, identityQuery }: SimulatedWire): boolean {
    return this.#answer(key, identityQuery) !== undefined;
  }

  /** @param onUnknown told of every query that the bench has no answer for: it stays unanswered, so it cannot pass */
  transport(wire: SimulatedWire, clock: Clock, onUnknown: (query: string) => void): Transport {
    const instrument = new SimulatedInstrument({
      label: `simulated ${wire.key}`,
      terminator: wire.terminator,
      clock,
      isCut: () => this.#cut.has(wire.key),
      ...(wire.twin?.speech ? { speech: wire.twin.speech } : {}),
      reply: (command) => this.#reply(wire, command, onUnknown),
    });
    return new SimulatedTransport(`simulated ${wire.key}`, instrument, clock);
  }

  #reply(wire: SimulatedWire, command: string, onUnknown: (query: string) => void): Reply {
    const answer = this.#answer(wire.key, command);
    if (answer) return this.#resolve(answer, wire.key);
    const own = wire.twin?.reply?.(command);
    if (own) return own;
    if (command === wire.identityQuery) return { text: `SIMULATED,${wire.key.toUpperCase()},0,0` };
    if (command.includes('?')) onUnknown(command);
    return {};
  }

  #answer(key: string, command: string): Answer | undefined {
    const unit = this.#data.units.find(({ pattern }) => pattern.test(this.#serial));
    return unit?.plugs.get(key)?.get(command) ?? this.#data.plugs.get(key)?.get(command);
  }

  #resolve(answer: Answer, key: string): Reply {
    switch (answer.kind) {
      case 'text':
        return { text: answer.text };
      case 'turns': {
        const turn = this.#turns.get(answer) ?? 0;
        this.#turns.set(answer, turn + 1);
        const chosen = answer.answers[Math.min(turn, answer.answers.length - 1)];
        return chosen ? this.#resolve(chosen, key) : {};
      }
      case 'normal':
        // Seven digits: what a good bench multimeter prints.
        return { text: String(Number(this.#random.normal(answer.mean, answer.sigma).toPrecision(7))) };
      case 'after':
        return { delayMs: answer.delayMs, ...this.#resolve(answer.answer, key) };
      case 'nothing':
        return {};
      case 'lost':
        this.#cut.add(key);
        return { cut: true };
      case 'raw':
        return { raw: answer.bytes };
    }
  }
}
