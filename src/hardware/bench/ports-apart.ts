/**
 * The serial ports of a station, shared between its bench and what else reads one: each port is one's at a time.
 *
 * In a bench's lists a port that is held apart says so; who holds ports apart sees which of them the bench has open.
 * Below: the lists of ports and devices that a door hands in. Above: create-bench.ts takes what is left, scanner.ts holds.
 * Knows nothing of who is behind a port.
 */
import type { Clock } from '#base/clock.ts';
import { Emitter, type Listener } from '#base/emitter.ts';
import { isSerialOverUsb } from '#hardware/bench/device-host.ts';
import type { SerialSettings } from '#hardware/transport/serial-settings.ts';
import type { SerialCandidate, SerialPorts } from '#hardware/transport/serial/serial-ports.ts';
import type { Transport } from '#hardware/transport/transport.ts';
import type { UsbCandidate, UsbDevices } from '#hardware/transport/usb/usb-devices.ts';

/** A serial port, or an adapter over WebUSB, for as long as it is plugged in. */
export interface SerialPlace {
  /** `0403:6001`; empty for a port that is not on USB. */
  readonly usb: string;
  /** Nobody holds it apart, and the bench has it closed. */
  readonly isFree: boolean;
  /** From now on the bench leaves it alone. @returns how to give it back */
  hold(): () => void;
  transport(settings: SerialSettings, clock: Clock): Transport;
}

type Candidate = SerialCandidate | UsbCandidate;

export class PortsApart {
  /** What a bench may look at; null where the browser has none. */
  readonly ports: SerialPorts | null;
  readonly usb: UsbDevices | null;
  readonly #allPorts: SerialPorts | null;
  readonly #allUsb: UsbDevices | null;
  readonly #held = new Set<Candidate>();
  /** As the bench knows them. */
  readonly #watched = new WeakMap<Candidate, Candidate>();
  /** What the bench opened there last. */
  readonly #wires = new WeakMap<Candidate, Transport>();
  readonly #changes = new Emitter<void>();

  constructor(ports: SerialPorts | null, usb: UsbDevices | null) {
    this.#allPorts = ports;
    this.#allUsb = usb;
    this.ports = ports && {
      list: async () => (await ports.list()).map((port) => this.#watch(port)),
      onArrive: (listener) => ports.onArrive((port) => listener(this.#watch(port))),
      onLeave: (listener) => ports.onLeave((port) => listener(this.#watch(port))),
    };
    this.usb = usb && {
      system: usb.system,
      list: async () => (await usb.list()).map((device) => this.#watch(device)),
      onChange: (listener) => usb.onChange(listener),
    };
    ports?.onArrive(() => this.refresh());
    ports?.onLeave(() => this.refresh());
    usb?.onChange(() => this.refresh());
  }

  /** Whether a serial port can be reached here at all. */
  get hasAccess(): boolean {
    return this.#allPorts !== null || this.#allUsb !== null;
  }

  /** Every serial port, held apart or not. @throws {HardwareFault} `permission-needed` */
  async list(): Promise<readonly SerialPlace[]> {
    const ports = (await this.#allPorts?.list()) ?? [];
    const devices = isSerialOverUsb(this.#allPorts, this.#allUsb) ? ((await this.#allUsb?.list()) ?? []) : [];
    return [
      ...ports.map((port) => this.#place(port, (settings, clock) => port.transport(settings, clock))),
      ...devices
        .filter((device) => device.canBe('serial'))
        .map((device) =>
          this.#place(device, (settings, clock) => device.transport({ kind: 'serial', settings }, clock)),
        ),
    ];
  }

  /** A port came, went, or may be used now. */
  onChange(listener: Listener<void>): () => void {
    return this.#changes.on(listener);
  }

  refresh(): void {
    this.#changes.emit();
  }

  #place(candidate: Candidate, transport: SerialPlace['transport']): SerialPlace {
    const { usb } = candidate;
    const isFree = () => !this.#held.has(candidate) && !isOpen(this.#wires.get(candidate));
    return {
      usb,
      get isFree() {
        return isFree();
      },
      hold: () => {
        this.#held.add(candidate);
        return () => void this.#held.delete(candidate);
      },
      transport,
    };
  }

  /** The same candidate, and what is opened there is seen. One that is held stays in its place: ports alike are told apart by that. */
  #watch<C extends Candidate>(candidate: C): C {
    const known = this.#watched.get(candidate) as C | undefined;
    if (known) return known;
    const open = candidate.transport as (...args: unknown[]) => Transport;
    const transport = (...args: unknown[]) => {
      const wire = open(...args);
      this.#wires.set(candidate, wire);
      return wire;
    };
    const isHeld = () => this.#held.has(candidate);
    const watched: C = {
      ...candidate,
      transport,
      get isApart() {
        return isHeld();
      },
    };
    this.#watched.set(candidate, watched);
    return watched;
  }
}

function isOpen(wire: Transport | undefined): boolean {
  return wire !== undefined && wire.state !== 'closed' && wire.state !== 'lost';
}
