/** A SCPI fixture behind a fake serial port: says who it is, answers what it knows, and can go mute. */
import { FakeSerialPort } from '../transport/serial/fake-serial-port.ts';

export class FakeFixture {
  readonly port: FakeSerialPort;
  readonly commands: string[] = [];
  readonly answers = new Map<string, string>();
  identity: string;
  mute = false;
  #line = '';

  constructor(identity: string, usb: readonly [number, number] = [0x0403, 0x6001]) {
    this.port = new FakeSerialPort(...usb);
    this.identity = identity;
    this.port.onReceive = (bytes) => this.#receive(bytes);
  }

  /** The same fixture after a re-plug: another port. */
  replugged(): FakeFixture {
    const again = new FakeFixture(this.identity);
    for (const [query, answer] of this.answers) again.answers.set(query, answer);
    return again;
  }

  #receive(bytes: Uint8Array): void {
    this.#line += String.fromCharCode(...bytes);
    const lines = this.#line.split('\n');
    this.#line = lines.pop() ?? '';
    for (const command of lines) {
      this.commands.push(command);
      const answer = command === '*IDN?' ? this.identity : this.answers.get(command);
      if (answer !== undefined && !this.mute) this.port.send(`${answer}\n`);
    }
  }
}
