/**
 * The resource manager: from plugs as a procedure states them to instruments that are there, known and safe.
 *
 * Implements bench.ts for real and simulated plugs alike; only the wires differ. Above it: the doors and, by its type,
 * the engine. Rules: RULES.md. Knows nothing of phases, runs or screens.
 */
import type { Clock } from '#base/clock.ts';
import { Emitter } from '#base/emitter.ts';
import type {
  DevicePlace,
  ExpectedReboot,
  PlugStatus,
  PlugWire,
  SlotBench,
  VisitableBench,
} from '#hardware/bench/bench.ts';
import { resourceOf, type BenchPlug } from '#hardware/bench/plug.ts';
import { deviceHosts, type DeviceHost, type Reach } from '#hardware/bench/device-host.ts';
import { PlugLink } from '#hardware/bench/plug-link.ts';
import type { Candidate } from '#hardware/bench/probe.ts';
import { Search } from '#hardware/bench/search.ts';
import { SlotView } from '#hardware/bench/slot-view.ts';
import type { Visit } from '#hardware/bench/visit.ts';
import { Visits } from '#hardware/bench/visits.ts';
import type { VisitWay } from '#hardware/bench/visit-way.ts';
import type { Instrument } from '#hardware/instrument/instrument.ts';
import { knownDrivers } from '#hardware/instrument/drivers.ts';
import { createTwin } from '#hardware/instrument/open-device.ts';
import { ReplayTransport } from '#hardware/transport/replay/replay-transport.ts';
import type { SerialPorts } from '#hardware/transport/serial/serial-ports.ts';
import { parseBench, type SimulatedBench } from '#hardware/transport/simulated/simulated-bench.ts';
import type { UsbDevices } from '#hardware/transport/usb/usb-devices.ts';
import type { WireRecording } from '#hardware/transport/wire-recording.ts';
import { settledWithin } from '#hardware/waiting.ts';

/** A check waits this long for a device that is just being looked at, before it says that it is not there. */
const CHECK_WAIT_MS = 1000;
/** Closing 2 s, two questions who is there 2 s, its safe state 1 s, and some room. */
const REOPEN_LIMIT_MS = 6000;

export interface BenchOptions {
  readonly plugs: readonly BenchPlug[];
  /** null where there is no Web Serial. */
  readonly ports: SerialPorts | null;
  /** Absent or null where there is no WebUSB. */
  readonly usb?: UsbDevices | null;
  /** How simulated plugs answer; null: none of their queries is answered. */
  readonly simulatedBench: SimulatedBench | null;
  /** true: every plug is simulated. false: those without a resource are. */
  readonly simulated: boolean;
  /** By plug: what went over its wire in an earlier run, to be answered with again; only where plugs are simulated. */
  readonly recordings?: ReadonlyMap<string, WireRecording>;
  readonly clock: Clock;
  /** Told of every query that the simulated bench has no answer for. */
  readonly onUnknownQuery?: (plugKey: string, query: string) => void;
  /** Told of every label that a simulated printer prints. */
  readonly onPrinted?: (plugKey: string, label: string) => void;
}

/** Starts to look for the plugs at once. */
export function createBench(options: BenchOptions): VisitableBench {
  return new StationBench(options);
}

class StationBench implements VisitableBench {
  readonly #clock: Clock;
  readonly #changes = new Emitter<readonly PlugStatus[]>();
  readonly #links: readonly PlugLink[];
  readonly #search: Search;
  readonly #world: SimulatedBench;
  readonly #whole: SlotView;
  readonly #visits: Visits;
  readonly #stopListening: () => void;
  #closed: Promise<void> | null = null;
  /** An emergency stop that is not over yet. */
  #cutting: Promise<readonly PlugStatus[]> | null = null;

  constructor(options: BenchOptions) {
    const {
      plugs,
      ports,
      usb = null,
      simulatedBench,
      simulated,
      recordings,
      clock,
      onUnknownQuery,
      onPrinted,
    } = options;
    this.#clock = clock;
    const hosts = deviceHosts(ports, usb, clock);
    const world = (this.#world = simulatedBench ?? parseBench(null));
    const wires = new Map<PlugLink, Candidate>();
    this.#links = plugs.map((plug) => {
      const isSimulated = simulated || plug.resource === undefined;
      const resource = resourceOf(plug);
      const { terminator, identityQuery } = resource;
      const recording = isSimulated ? recordings?.get(plug.key) : undefined;
      const twin =
        isSimulated && !recording ? createTwin(plug, resource, (label) => onPrinted?.(plug.key, label)) : undefined;
      const wire = {
        key: plug.key,
        ...(plug.slot === undefined ? {} : { slot: plug.slot }),
        terminator,
        identityQuery,
        ...(twin ? { twin } : {}),
      };
      const link = new PlugLink({
        plug,
        simulated: isSimulated,
        reach: reachOf(plug, hosts),
        hasIdentity: !isSimulated || recording !== undefined || world.statesIdentity(wire),
        clock,
        onChange: () => this.#changes.emit(this.plugs),
        onLoss: () => this.#search.refresh(),
      });
      if (isSimulated) {
        wires.set(link, {
          reach: 'simulated',
          device: null,
          usb: '',
          serialNumber: '',
          mayCarry: (other) => other === link,
          transport: () =>
            recording
              ? new ReplayTransport(recording, clock)
              : world.transport(wire, clock, (query) => onUnknownQuery?.(plug.key, query)),
        });
      }
      return link;
    });
    const usable = this.#links.filter((link) => knownDrivers.includes(link.plug.driver));
    this.#search = new Search({
      links: usable,
      simulated: usable.flatMap((link) => wires.get(link) ?? []),
      hosts,
      clock,
    });
    for (const link of this.#links) if (!usable.includes(link)) link.describe(noDriver(link.plug));
    this.#whole = this.#view(this.#links);
    this.#visits = new Visits({ links: this.#links, search: this.#search, clock });
    // Another unit on a simulated fixture, or the end of a reboot: wires that were cut are there again.
    this.#stopListening = world.onMended(() => this.#search.refresh());
    this.#search.refresh();
  }

  get plugs(): readonly PlugStatus[] {
    return this.#links.map((link) => link.status);
  }

  onChange(listener: (plugs: readonly PlugStatus[]) => void): () => void {
    return this.#changes.on(listener);
  }

  inSlot(slot?: string): SlotBench {
    const links = this.#links.filter(({ plug }) => plug.slot === undefined || plug.slot === slot);
    return this.#view(links, slot);
  }

  check(signal: AbortSignal): Promise<readonly PlugStatus[]> {
    return this.#whole.check(signal);
  }

  instrument(key: string): Instrument {
    return this.#whole.instrument(key);
  }

  reboot(key: string, expected: ExpectedReboot, cause: () => Promise<void>, signal: AbortSignal): Promise<void> {
    return this.#whole.reboot(key, expected, cause, signal);
  }

  makeSafe(signal: AbortSignal): Promise<readonly PlugStatus[]> {
    return this.#whole.makeSafe(signal);
  }

  wires(sinceMs: number): readonly PlugWire[] {
    return this.#whole.wires(sinceMs);
  }

  cutOff(): Promise<readonly PlugStatus[]> {
    // Pressed once more in fear: the safe state that is on its way must not be cut off.
    this.#cutting ??= this.#cutOff().finally(() => (this.#cutting = null));
    return this.#cutting;
  }

  async #cutOff(): Promise<readonly PlugStatus[]> {
    for (const link of this.#links) link.cutOff();
    this.#visits.cutOff();
    const isSafe = () => !this.#links.some((link) => link.isUnsafe);
    let stopListening = () => {};
    const safe = new Promise<void>((resolve) => {
      stopListening = this.#changes.on(() => isSafe() && resolve());
      if (isSafe()) resolve();
    });
    await settledWithin(this.#clock, REOPEN_LIMIT_MS, safe);
    stopListening();
    return this.#links.filter((link) => link.isUnsafe).map((link) => link.status);
  }

  visit(place: DevicePlace, way: VisitWay | null, signal: AbortSignal): Promise<Visit> {
    return this.#visits.begin(place, way, signal);
  }

  endVisit(): Promise<void> {
    return this.#visits.end();
  }

  refresh(): void {
    this.#search.refresh();
  }

  #view(links: readonly PlugLink[], slot?: string): SlotView {
    return new SlotView({
      links,
      clock: this.#clock,
      isLooking: (links) => this.#search.isLookingFor(links),
      settled: () => settledWithin(this.#clock, CHECK_WAIT_MS, this.#search.settled()),
      present: () => this.#search.present(),
      cutting: () => this.#cutting,
      ...(slot === undefined ? {} : { onAsk: (plug) => this.#world.asks(plug, slot) }),
    });
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    // Handed over before the first wait: a page that is going away may get no further (35).
    const safe = this.makeSafe(new AbortController().signal);
    this.#stopListening();
    // An emergency stop still looks for the devices that it has to make safe.
    if (this.#cutting) await this.#cutting;
    await this.#visits.end();
    const stopped = this.#search.stop();
    await safe;
    await Promise.all([stopped, ...this.#links.map((link) => link.close())]);
  }
}

/** The last that serves it: where Web Serial shows no wired port, WebUSB finds more. */
function reachOf({ resource }: BenchPlug, hosts: readonly DeviceHost[]): Reach {
  return hosts.findLast((host) => resource !== undefined && host.serves(resource))?.reach ?? 'serial';
}

function noDriver({ name, driver }: BenchPlug) {
  return {
    state: 'missing' as const,
    message: `${name} cannot be used: there is no driver '${driver}'.`,
    remedy: `Name one of these drivers in the procedure: ${knownDrivers.join(', ')}.`,
  };
}
