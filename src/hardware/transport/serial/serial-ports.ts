/**
 * The host's serial ports: which are permitted and present, and which come and go.
 *
 * The only place that asks `navigator.serial` for ports, handed in by a door (page or dedicated worker). Above it: the
 * resource manager. Knows nothing of what is behind a port: a port has no identity that can be read (pitfall 14).
 */
import type { Clock } from '#base/clock.ts';
import { Emitter, type Listener } from '#base/emitter.ts';
import { Fault, messageOf } from '#base/fault.ts';
import { nameOf } from '#hardware/transport/error-name.ts';
import type { HostSystem } from '#hardware/transport/host-system.ts';
import type { SerialSettings } from '#hardware/transport/serial-settings.ts';
import type { SerialLike, SerialPortLike } from '#hardware/transport/serial/serial-port.ts';
import { usbIdOf } from '#hardware/transport/serial/serial-port.ts';
import { SerialTransport } from '#hardware/transport/serial/serial-transport.ts';
import type { HardwareCode, Transport } from '#hardware/transport/transport.ts';

/** One port for as long as it stays plugged in; the same object for the same port. A re-plug makes another (10). */
export interface SerialCandidate {
  /** `0403:6001`, lower-case hexadecimal; empty for a port that is not on USB. */
  readonly usb: string;
  /** Something else of this station has it: it is there, and is not to be opened. */
  readonly isApart?: boolean;
  /** A transport of its own over this port, closed. */
  transport(settings: SerialSettings, clock: Clock): Transport;
}

export interface SerialPorts {
  /**
   * Ports that are permitted and present. Of overlapping calls every one gets the answer to the last (12).
   * @throws {HardwareFault} `permission-needed` when the browser refuses to list ports
   */
  list(): Promise<readonly SerialCandidate[]>;
  onArrive(listener: Listener<SerialCandidate>): () => void;
  onLeave(listener: Listener<SerialCandidate>): () => void;
}

/**
 * @param system for the words about a port that cannot be opened
 * @returns null where the browser has no Web Serial at all
 */
export function serialPorts(serial: SerialLike | undefined, system: HostSystem = 'unknown'): SerialPorts | null {
  return serial ? new HostSerialPorts(serial, system) : null;
}

class HostSerialPorts implements SerialPorts {
  readonly #serial: SerialLike;
  readonly #system: HostSystem;
  readonly #candidates = new WeakMap<SerialPortLike, SerialCandidate>();
  /** Ports that came while this was watching: their first opening is tried more than once (13, 41). */
  readonly #justPlugged = new WeakSet<SerialPortLike>();
  readonly #arrivals = new Emitter<SerialCandidate>();
  readonly #leavings = new Emitter<SerialCandidate>();
  #generation = 0;
  #latest: Promise<readonly SerialCandidate[]> = Promise.resolve([]);

  constructor(serial: SerialLike, system: HostSystem) {
    this.#serial = serial;
    this.#system = system;
    serial.addEventListener('connect', ({ target }) => {
      if (!isPort(target)) return;
      this.#justPlugged.add(target);
      this.#arrivals.emit(this.#candidate(target));
    });
    serial.addEventListener('disconnect', ({ target }) => {
      if (isPort(target)) this.#leavings.emit(this.#candidate(target));
    });
  }

  list(): Promise<readonly SerialCandidate[]> {
    const generation = ++this.#generation;
    const isLast = () => generation === this.#generation;
    this.#latest = this.#serial.getPorts().then(
      (ports) => (isLast() ? ports.map((port) => this.#candidate(port)) : this.#latest),
      (thrown: unknown) => {
        if (!isLast()) return this.#latest;
        throw listFault(thrown);
      },
    );
    return this.#latest;
  }

  onArrive(listener: Listener<SerialCandidate>): () => void {
    return this.#arrivals.on(listener);
  }

  onLeave(listener: Listener<SerialCandidate>): () => void {
    return this.#leavings.on(listener);
  }

  #candidate(port: SerialPortLike): SerialCandidate {
    const known = this.#candidates.get(port);
    if (known) return known;
    const candidate: SerialCandidate = {
      usb: usbIdOf(port),
      transport: (settings, clock) =>
        new SerialTransport(port, settings, {
          clock,
          justPlugged: this.#justPlugged.delete(port),
          system: this.#system,
        }),
    };
    this.#candidates.set(port, candidate);
    return candidate;
  }
}

function isPort(target: unknown): target is SerialPortLike {
  return typeof target === 'object' && target !== null && 'getInfo' in target;
}

function listFault(thrown: unknown): Fault<HardwareCode> {
  const refused = nameOf(thrown) === 'SecurityError';
  return new Fault<HardwareCode>(
    refused ? 'permission-needed' : 'internal',
    refused
      ? 'The browser refuses to list serial ports.'
      : `The browser could not list its ports: ${messageOf(thrown)}`,
    refused ? 'Allow serial ports for this site, in the browser or by policy.' : 'Restart the browser.',
    { cause: thrown },
  );
}
