/**
 * A USBTMC instrument on a fake USB device: takes messages, answers what it is asked, aborts, clears, and does it all wrong
 * on request.
 */
import { fakeInterface, FakeUsbDevice, INTERRUPT_IN, joined, type FakeUsbOptions } from './fake-usb-device.ts';

export const OUT = 2;
export const IN = 5;
const FULL_SPEED = 64;
const HIGH_SPEED = 512;
const [OK, PENDING, FAILED, NOT_IN_PROGRESS] = [1, 2, 0x80, 0x81];

export class FakeUsbtmc extends FakeUsbDevice {
  /** Messages that came whole, as text. */
  readonly messages: string[] = [];
  /** Names of the class requests that came. */
  readonly asked: string[] = [];
  triggers = 0;
  /** Sizes of the answers that were asked for. */
  readonly requested: number[] = [];
  /** Answers by question; a question that is not here is not answered. */
  readonly answers = new Map<string, Uint8Array | string>([['*IDN?', 'ACME,TMC-1,S1,1.0\n']]);
  /** Longest payload of one transfer; 0: as long as is asked for. */
  chunk = 0;
  padded = true;
  /** Ends no transfer with a short packet of its own accord. */
  neverShort = false;
  /** One header for the whole answer, the end said at once, 500 bytes said to be all. */
  oneHeader = false;
  neverEnds = false;
  mute = false;
  /** Comes before each answer, as a transfer of its own. */
  noise: Uint8Array | null = null;
  /** Capabilities: term character, remote/local, trigger. */
  capabilities = { termChar: true, remoteLocal: true, trigger: true };
  /** What the abort of an answer is answered with; null: it is done. */
  abortStatus: number | null = null;
  clearStatus = OK;
  clearPending = 1;
  statusByte = 16;
  #text = '';
  #answer: Uint8Array | null = null;
  #wanted: { tag: number; size: number; termChar: number | null } | null = null;
  #pendingClear = 0;

  constructor({ isFast = false, ...options }: FakeUsbOptions & { readonly isFast?: boolean } = {}) {
    const packetSize = isFast ? HIGH_SPEED : FULL_SPEED;
    super({
      vendorId: 0x2a8d,
      productId: 0x1301,
      serialNumber: 'MY1',
      interfaces: [
        fakeInterface(0, 0xff, 0, []),
        fakeInterface(3, 0xfe, 3, [
          { endpointNumber: OUT, direction: 'out', type: 'bulk', packetSize },
          { endpointNumber: IN, direction: 'in', type: 'bulk', packetSize },
          INTERRUPT_IN,
        ]),
      ],
      ...options,
    });
    this.onOut = (_endpoint, bytes) => this.#take(bytes);
    this.onRequest = ({ request, value }) => this.#request(request, value & 0xff);
    this.onClearHalt = (direction) => {
      if (direction === 'in') this.#wanted = null;
    };
  }

  /** It has this to say, whether it was asked or not; given out when it is fetched. */
  say(bytes: Uint8Array | string): void {
    this.#answer = typeof bytes === 'string' ? ascii(bytes) : bytes;
    this.#give();
  }

  /** It asks for service. */
  requestService(statusByte: number): void {
    this.send(INTERRUPT_IN.endpointNumber, Uint8Array.of(0x81, statusByte));
  }

  get waitsToAnswer(): boolean {
    return this.#wanted !== null;
  }

  #take(bytes: Uint8Array): void {
    const [id = 0, tag = 0] = bytes;
    const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
    if (id === 128) {
      this.triggers++;
      return;
    }
    if (id === 2) {
      this.requested.push(size);
      this.#wanted = { tag, size, termChar: (bytes[8]! & 2) !== 0 ? bytes[9]! : null };
      this.#give();
      return;
    }
    if (this.padded ? bytes.length % 4 !== 0 : bytes.length !== 12 + size) return this.halt('out', OUT);
    this.#text += String.fromCharCode(...bytes.slice(12, 12 + size));
    if ((bytes[8]! & 1) === 0) return;
    const message = this.#text.trim();
    this.#text = '';
    this.messages.push(message);
    // IEEE 488.2: a new message interrupts an answer that was not fetched.
    this.#answer = null;
    const answer = this.answers.get(message);
    if (answer !== undefined && !this.mute) this.say(answer);
  }

  #give(): void {
    const wanted = this.#wanted;
    if (!wanted || this.#answer === null) return;
    if (this.noise) this.send(IN, this.noise);
    if (this.oneHeader) return this.#giveAsRigolDoes(wanted.tag, this.#answer);
    let size = Math.min(this.#answer.length, wanted.size, this.chunk || Infinity);
    const stop = wanted.termChar === null ? -1 : this.#answer.indexOf(wanted.termChar);
    if (stop >= 0) size = Math.min(size, stop + 1);
    const payload = this.#answer.slice(0, size);
    this.#answer = this.#answer.slice(size);
    const isEnd = this.#answer.length === 0;
    if (isEnd) this.#answer = null;
    this.#wanted = null;
    const message = joined([header(wanted.tag, size, isEnd && !this.neverEnds ? 1 : 0), payload]);
    const padding = new Uint8Array(this.padded ? (4 - (message.length % 4)) % 4 : 0);
    this.send(IN, joined([message, padding]), { short: !this.neverShort });
  }

  #giveAsRigolDoes(tag: number, answer: Uint8Array): void {
    this.#wanted = null;
    this.#answer = null;
    const first = answer.slice(0, 52);
    this.send(IN, joined([header(tag, Math.min(500, answer.length), 1), first]), { short: false });
    for (let at = 52; at < answer.length; at += 500) this.send(IN, answer.slice(at, at + 500), { short: false });
  }

  #request(request: number, tag: number): Uint8Array | 'stall' {
    this.asked.push(NAMES[request] ?? String(request));
    switch (request) {
      case 1:
        return Uint8Array.of(this.outStatus, tag);
      case 2:
        return Uint8Array.of(OK, 0, 0, 0, 0, 0, 0, 0);
      case 3:
        return this.#abortIn(tag);
      case 4:
        return Uint8Array.of(OK, 0, 0, 0, 0, 0, 0, 0);
      case 5:
        if (this.clearStatus === OK) {
          this.#forget();
          this.#pendingClear = this.clearPending;
          this.halt('out', OUT);
        }
        return Uint8Array.of(this.clearStatus);
      case 6:
        return Uint8Array.of(this.#pendingClear-- > 0 ? PENDING : OK, 0);
      case 7:
        return this.#capabilityBytes();
      case 128:
        this.send(INTERRUPT_IN.endpointNumber, Uint8Array.of(0x80 | tag, this.statusByte));
        return Uint8Array.of(OK, tag, 0);
      default:
        return Uint8Array.of(OK);
    }
  }

  /** What the abort of a message out is answered with. */
  outStatus = FAILED;

  #abortIn(tag: number): Uint8Array {
    if (this.abortStatus === FAILED) this.#wanted = null;
    if (this.abortStatus !== null) return Uint8Array.of(this.abortStatus, tag);
    if (!this.#wanted) return Uint8Array.of(FAILED, 0);
    if (this.#wanted.tag !== tag) return Uint8Array.of(NOT_IN_PROGRESS, this.#wanted.tag);
    this.#forget();
    this.send(IN, new Uint8Array());
    return Uint8Array.of(OK, tag);
  }

  #forget(): void {
    this.#wanted = null;
    this.#answer = null;
    this.#text = '';
    this.flush(IN);
  }

  #capabilityBytes(): Uint8Array {
    const bytes = new Uint8Array(24);
    const { termChar, remoteLocal, trigger } = this.capabilities;
    bytes[0] = OK;
    bytes.set([0x00, 0x01], 2);
    bytes[5] = termChar ? 1 : 0;
    bytes.set([0x00, 0x01], 12);
    bytes[14] = 4 | (remoteLocal ? 2 : 0) | (trigger ? 1 : 0);
    return bytes;
  }
}

const NAMES: Readonly<Record<number, string>> = {
  1: 'ABORT_OUT',
  2: 'CHECK_ABORT_OUT',
  3: 'ABORT_IN',
  4: 'CHECK_ABORT_IN',
  5: 'CLEAR',
  6: 'CHECK_CLEAR',
  7: 'CAPABILITIES',
  128: 'STATUS_BYTE',
  160: 'REN',
  161: 'LOCAL',
};

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function header(tag: number, size: number, attributes: number): Uint8Array {
  const bytes = new Uint8Array(12);
  bytes.set([2, tag, tag ^ 0xff]);
  new DataView(bytes.buffer).setUint32(4, size, true);
  bytes[8] = attributes;
  return bytes;
}
