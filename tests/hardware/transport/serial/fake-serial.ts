/** `navigator.serial` with its ports in hand: who is permitted and present, and the events of coming and going. */
import type { SerialLike } from '#hardware/transport/serial/serial-port.ts';
import type { FakeSerialPort } from './fake-serial-port.ts';

export class FakeSerial implements SerialLike {
  ports: FakeSerialPort[];
  readonly #listeners: { readonly type: string; readonly listener: (event: { readonly target: unknown }) => void }[] =
    [];

  constructor(ports: FakeSerialPort[]) {
    this.ports = ports;
  }

  async getPorts(): Promise<FakeSerialPort[]> {
    return [...this.ports];
  }

  addEventListener(type: 'connect' | 'disconnect', listener: (event: { readonly target: unknown }) => void): void {
    this.#listeners.push({ type, listener });
  }

  arrive(port: FakeSerialPort): void {
    this.ports.push(port);
    this.#tell('connect', port);
  }

  /** Unplugs it as well. */
  leave(port: FakeSerialPort): void {
    this.ports = this.ports.filter((other) => other !== port);
    port.unplug();
    this.#tell('disconnect', port);
  }

  #tell(type: string, target: FakeSerialPort): void {
    for (const known of this.#listeners) if (known.type === type) known.listener({ target });
  }
}
