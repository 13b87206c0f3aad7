/**
 * The search for devices: looks when something comes or goes, and again and again while a plug is not ready.
 *
 * Every port that may carry a plug is probed by itself, so that a mute device does not hold up the others; a port that
 * a plug is bound to is left alone. Above it: create-bench.ts. Below: probe.ts. Rules: RULES.md.
 */
import type { Clock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import { mayCarry } from '#hardware/bench/plug.ts';
import type { PlugLink } from '#hardware/bench/plug-link.ts';
import { mostTelling, noSerial, wordsFor, type Finding } from '#hardware/bench/plug-words.ts';
import { probe, type Candidate } from '#hardware/bench/probe.ts';
import type { SerialCandidate, SerialPorts } from '#hardware/transport/serial/serial-ports.ts';
import { after } from '#hardware/waiting.ts';

/** Soon at first, since a plug takes a moment to be usable (13); then seldom, since opening a port disturbs a device. */
const DELAYS_MS = [100, 250, 500, 1000, 2000];

export interface SearchOptions {
  readonly links: readonly PlugLink[];
  /** The simulated plugs' own wires: always there. */
  readonly simulated: readonly Candidate[];
  /** null: this browser has no serial ports. */
  readonly ports: SerialPorts | null;
  readonly clock: Clock;
}

export class Search {
  readonly #options: SearchOptions;
  readonly #real = new WeakMap<SerialCandidate, Candidate>();
  readonly #findings = new Map<Candidate, Finding>();
  readonly #probing = new Map<Candidate, Promise<void>>();
  readonly #looking = new Set<Promise<void>>();
  readonly #end = new AbortController();
  readonly #stopListening: (() => void)[] = [];
  #present: readonly Candidate[];
  #listFault: Finding | null = null;
  #delayIndex = 0;
  #stopTimer: (() => void) | null = null;

  constructor(options: SearchOptions) {
    this.#options = options;
    this.#present = options.simulated;
    if (!options.ports) return;
    this.#stopListening.push(options.ports.onArrive(() => this.refresh()));
    this.#stopListening.push(options.ports.onLeave(() => this.refresh()));
  }

  /** Looks now, and often again for a while. */
  refresh(): void {
    this.#delayIndex = 0;
    this.#look();
  }

  /** Resolves when everything that is being looked at now has been looked at. */
  async settled(): Promise<void> {
    await Promise.all(this.#looking);
  }

  /** Stops looking; resolves when no port is held by a probe any more. */
  async stop(): Promise<void> {
    for (const stopListening of this.#stopListening) stopListening();
    this.#stopTimer?.();
    this.#end.abort();
    await this.settled();
  }

  #look(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    if (this.#end.signal.aborted) return;
    const look: Promise<void> = this.#lookNow().finally(() => {
      this.#looking.delete(look);
      this.#lookLater();
    });
    this.#looking.add(look);
  }

  #lookLater(): void {
    const { links, ports, clock } = this.#options;
    const isOpen = links.some((link) => !link.ready && (link.simulated || ports !== null));
    if (!isOpen || this.#end.signal.aborted || this.#stopTimer !== null) return;
    const delayMs = DELAYS_MS[Math.min(this.#delayIndex++, DELAYS_MS.length - 1)] ?? 0;
    this.#stopTimer = after(clock, delayMs, () => this.#look());
  }

  async #lookNow(): Promise<void> {
    const { links, simulated, ports } = this.#options;
    const probes = this.#probeAll(simulated);
    if (ports === null) {
      for (const link of links) if (!link.simulated) link.describe(noSerial(link.plug.name));
    } else if (links.some((link) => !link.simulated && !link.ready)) {
      await this.#list(ports);
      probes.push(...this.#probeAll(this.#present));
    }
    this.#describe();
    await Promise.all(probes);
  }

  async #list(ports: SerialPorts): Promise<void> {
    try {
      const real = (await ports.list()).map((port) => this.#candidate(port));
      this.#present = [...this.#options.simulated, ...real];
      this.#listFault = null;
    } catch (thrown) {
      const fault = thrown instanceof Fault ? thrown : new Fault('internal', String(thrown), 'Restart the browser.');
      this.#present = this.#options.simulated;
      this.#listFault =
        fault.code === 'permission-needed'
          ? { kind: 'permission' }
          : { kind: 'fault', message: fault.message, remedy: fault.remedy };
    }
    for (const known of this.#findings.keys()) if (!this.#present.includes(known)) this.#findings.delete(known);
  }

  /** @returns the probes of these candidates that are under way */
  #probeAll(candidates: readonly Candidate[]): Promise<void>[] {
    const { links, clock } = this.#options;
    return candidates.flatMap((candidate) => {
      const underWay = this.#probing.get(candidate);
      if (underWay) return [underWay];
      const isBound = links.some((link) => link.candidate === candidate);
      if (isBound || !links.some((link) => link.candidate === null && candidate.mayCarry(link))) return [];
      if (this.#end.signal.aborted) return [];
      const probed = probe(candidate, links, clock, this.#end.signal).then((finding) => {
        this.#probing.delete(candidate);
        if (finding === null) this.#findings.delete(candidate);
        else this.#findings.set(candidate, finding);
        this.#describe();
      });
      this.#probing.set(candidate, probed);
      return [probed];
    });
  }

  /** Says of every plug that is not ready what is known of it; of one that is being probed for the first time, nothing yet. */
  #describe(): void {
    for (const link of this.#options.links) {
      if (link.candidate !== null || (!link.simulated && this.#options.ports === null)) continue;
      const candidates = this.#present.filter((candidate) => candidate.mayCarry(link));
      if (candidates.some((candidate) => this.#probing.has(candidate) && !this.#findings.has(candidate))) continue;
      const findings = candidates.flatMap((candidate) => this.#findings.get(candidate) ?? []);
      if (this.#listFault && !link.simulated) findings.push(this.#listFault);
      link.describe(wordsFor(link.plug.name, mostTelling(findings), link.wasReady));
    }
  }

  #candidate(port: SerialCandidate): Candidate {
    const known = this.#real.get(port);
    if (known) return known;
    const candidate: Candidate = {
      mayCarry: (link) => !link.simulated && mayCarry(link.resource, port.usb),
      transport: (resource) => port.transport(resource, this.#options.clock),
    };
    this.#real.set(port, candidate);
    return candidate;
  }
}
