/**
 * The search for devices: looks when something comes or goes, and again and again while a plug is not ready.
 *
 * Every port that may carry a plug is probed by itself, so that a mute device does not hold up the others; a port that
 * a plug is bound to is left alone. Above it: create-bench.ts. Below: probe.ts. Rules: RULES.md.
 */
import type { Clock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import type { DeviceHost, RealDevice } from '#hardware/bench/device-host.ts';
import type { PlugLink } from '#hardware/bench/plug-link.ts';
import { mostTelling, noAccess, twins, wordsFor, type Finding } from '#hardware/bench/plug-words.ts';
import { probe, type Candidate } from '#hardware/bench/probe.ts';
import { after } from '#hardware/waiting.ts';

/** Soon at first, since a plug takes a moment to be usable (13); then seldom, since opening a port disturbs a device. */
const DELAYS_MS = [100, 250, 500, 1000, 2000];

export interface SearchOptions {
  readonly links: readonly PlugLink[];
  /** The simulated plugs' own wires: always there. */
  readonly simulated: readonly Candidate[];
  /** Where real devices are found; none where the browser has no access to any. */
  readonly hosts: readonly DeviceHost[];
  readonly clock: Clock;
}

export class Search {
  readonly #options: SearchOptions;
  readonly #real = new WeakMap<RealDevice, Candidate>();
  readonly #findings = new Map<Candidate, Finding>();
  readonly #probing = new Map<Candidate, Promise<void>>();
  readonly #looking = new Set<Promise<void>>();
  readonly #end = new AbortController();
  readonly #stopListening: (() => void)[] = [];
  #present: readonly Candidate[];
  /** Somebody else has it: no probe touches it. */
  #lent: Candidate | null = null;
  readonly #listFaults = new Map<DeviceHost, Finding>();
  #delayIndex = 0;
  #stopTimer: (() => void) | null = null;

  constructor(options: SearchOptions) {
    this.#options = options;
    this.#present = options.simulated;
    for (const host of options.hosts) this.#stopListening.push(host.onChange(() => this.refresh()));
  }

  /** A device is being looked at that may be one of these plugs. */
  isLookingFor(links: readonly PlugLink[]): boolean {
    return [...this.#probing.keys()].some((candidate) => links.some((link) => candidate.mayCarry(link)));
  }

  /** Everything that is plugged in now. */
  async present(): Promise<readonly Candidate[]> {
    const { hosts, simulated } = this.#options;
    const real = await Promise.all(hosts.map((host) => this.#list(host)));
    return [...simulated, ...real.flat()];
  }

  /**
   * No probe touches this one until it is given back; resolves when none does.
   * @returns gives it back
   */
  async lend(candidate: Candidate): Promise<() => void> {
    this.#lent = candidate;
    await this.#probing.get(candidate);
    return () => {
      this.#lent = null;
      this.refresh();
    };
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
    const { links, clock } = this.#options;
    const isOpen = links.some((link) => !link.ready && (link.simulated || this.#hostsOf(link).length > 0));
    if (!isOpen || this.#end.signal.aborted || this.#stopTimer !== null) return;
    const delayMs = DELAYS_MS[Math.min(this.#delayIndex++, DELAYS_MS.length - 1)] ?? 0;
    this.#stopTimer = after(clock, delayMs, () => this.#look());
  }

  async #lookNow(): Promise<void> {
    const { links, simulated } = this.#options;
    const probes = this.#probeAll(simulated);
    const isOpen = (link: PlugLink) => !link.simulated && (!link.ready || link.twin !== null);
    const hosts = this.#options.hosts.filter((host) =>
      links.some((link) => isOpen(link) && host.serves(link.form.resource)),
    );
    if (hosts.length > 0) {
      const real = await Promise.all(hosts.map((host) => this.#list(host)));
      this.#present = [...simulated, ...real.flat()];
      this.#forgetWhatLeft();
      probes.push(...this.#probeAll(this.#present));
    }
    this.#describe();
    await Promise.all(probes);
  }

  async #list(host: DeviceHost): Promise<readonly Candidate[]> {
    try {
      const devices = (await host.list()).map((device) => this.#candidate(device, host));
      this.#listFaults.delete(host);
      return devices;
    } catch (thrown) {
      const fault = thrown instanceof Fault ? thrown : new Fault('internal', String(thrown), 'Restart the browser.');
      const { message, remedy } = fault;
      const isRefused = fault.code === 'permission-needed';
      this.#listFaults.set(
        host,
        isRefused ? { kind: 'permission', reach: host.reach } : { kind: 'fault', message, remedy },
      );
      return [];
    }
  }

  #forgetWhatLeft(): void {
    for (const known of this.#findings.keys()) if (!this.#present.includes(known)) this.#findings.delete(known);
    for (const link of this.#options.links)
      if (link.twin !== null && !this.#present.some((candidate) => candidate === link.twin)) link.doubt(null);
  }

  /** @returns the probes of these candidates that are under way */
  #probeAll(candidates: readonly Candidate[]): Promise<void>[] {
    const { links, clock } = this.#options;
    return candidates.flatMap((candidate) => {
      const underWay = this.#probing.get(candidate);
      if (underWay) return [underWay];
      if (candidate === this.#lent) return [];
      const isBound = links.some((link) => link.candidate === candidate);
      if (isBound || !links.some((link) => link.candidate === null && candidate.mayCarry(link))) return [];
      if (this.#end.signal.aborted) return [];
      const probed = probe(candidate, links, clock, this.#end.signal).then((finding) => {
        this.#probing.delete(candidate);
        if (finding?.kind === 'twin') this.#doubt(finding.plug, candidate, finding.answer);
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
      if (link.candidate !== null) continue;
      const hosts = this.#hostsOf(link);
      if (!link.simulated && hosts.length === 0) {
        link.describe(noAccess(link.plug.name, link.form.resource.kind));
        continue;
      }
      const candidates = this.#present.filter((candidate) => candidate.mayCarry(link));
      if (candidates.some((candidate) => this.#probing.has(candidate) && !this.#findings.has(candidate))) continue;
      const findings = candidates.flatMap((candidate) => this.#findings.get(candidate) ?? []);
      findings.push(...hosts.flatMap((host) => this.#listFaults.get(host) ?? []));
      link.describe(wordsFor(link.plug.name, mostTelling(findings), link.wasReady));
    }
  }

  /** No run begins with a plug that is one of two devices. */
  #doubt(key: string, twin: Candidate, answer: string): void {
    const link = this.#options.links.find(({ plug }) => plug.key === key);
    const bound = this.#present.find((candidate) => candidate === link?.candidate);
    if (!link || !bound) return;
    const serialNumbers = [bound, twin].map(({ serialNumber }) => serialNumber).filter(Boolean);
    link.doubt({ candidate: twin, words: twins(link.plug.name, [link.status.identity, answer], serialNumbers) });
  }

  #hostsOf(link: PlugLink): readonly DeviceHost[] {
    return link.simulated ? [] : this.#options.hosts.filter((host) => host.serves(link.form.resource));
  }

  #candidate(device: RealDevice, { reach }: DeviceHost): Candidate {
    const known = this.#real.get(device);
    if (known) return known;
    const candidate: Candidate = {
      reach,
      device,
      usb: device.usb,
      serialNumber: device.serialNumber,
      mayCarry: (link) => !link.simulated && device.mayCarry(link.form.resource) && link.form.mayBe(candidate),
      transport: (resource) => device.transport(resource),
    };
    this.#real.set(device, candidate);
    return candidate;
  }
}
