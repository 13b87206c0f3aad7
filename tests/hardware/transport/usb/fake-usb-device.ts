/**
 * A USB device as WebUSB shows it, with the device's own end in hand: packets, halts, requests, and the plug.
 *
 * By the specification and what Chromium was seen to do: a transfer in ends with a short packet or when it is full, one
 * that is too short for a packet babbles, nothing ends by itself, a change of state while another is under way is
 * refused, and `close()` resolves before the device is free.
 */
import type {
  UsbDeviceLike,
  UsbEndpoint,
  UsbInResult,
  UsbInterface,
  UsbOutResult,
  UsbSetup,
} from '#hardware/transport/usb/usb-device.ts';

interface PendingIn {
  readonly length: number;
  readonly packets: Uint8Array[];
  readonly resolve: (result: UsbInResult) => void;
  readonly reject: (error: DOMException) => void;
}

export interface FakeUsbOptions {
  readonly vendorId?: number;
  readonly productId?: number;
  readonly serialNumber?: string;
  readonly version?: readonly [major: number, minor: number];
  readonly interfaces?: readonly UsbInterface[];
}

const error = (name: string, text = 'fake') => new DOMException(text, name);

/** An interface with a bulk pair, and an interrupt endpoint if asked for. Numbers are odd on purpose (51). */
export function fakeInterface(
  interfaceNumber: number,
  interfaceClass: number,
  interfaceSubclass: number,
  endpoints: readonly UsbEndpoint[] = BULK_PAIR,
): UsbInterface {
  return {
    interfaceNumber,
    alternates: [{ alternateSetting: 0, interfaceClass, interfaceSubclass, endpoints }],
  };
}

export const BULK_PAIR: readonly UsbEndpoint[] = [
  { endpointNumber: 2, direction: 'out', type: 'bulk', packetSize: 64 },
  { endpointNumber: 5, direction: 'in', type: 'bulk', packetSize: 64 },
];
export const INTERRUPT_IN: UsbEndpoint = { endpointNumber: 6, direction: 'in', type: 'interrupt', packetSize: 16 };

export class FakeUsbDevice implements UsbDeviceLike {
  readonly vendorId: number;
  readonly productId: number;
  readonly serialNumber: string;
  readonly productName = 'Fake';
  readonly deviceVersionMajor: number;
  readonly deviceVersionMinor: number;
  readonly configurations;
  configuration: { configurationValue: number; interfaces: readonly UsbInterface[] } | null;
  opened = false;
  /** Interfaces that are claimed now. */
  readonly claimed = new Set<number>();
  readonly requests: { setup: UsbSetup; data: number[] }[] = [];
  /** Every transfer out that the device took, with its endpoint. */
  readonly outs: { endpoint: number; bytes: Uint8Array }[] = [];
  readonly clearedHalts: string[] = [];
  openings = 0;
  closings = 0;
  claims = 0;
  /** The next so many claims fail: the node of the last opening is not closed yet. */
  busyClaims = 0;
  busyOpenings = 0;
  openError: string | null = null;
  heldOpening: Promise<void> | null = null;
  /** What the device makes of a transfer out. */
  onOut: (endpoint: number, bytes: Uint8Array) => void = () => {};
  /** Answers a request; `stall` refuses it, null never answers. */
  onRequest: (setup: UsbSetup, data: Uint8Array) => Uint8Array | 'stall' | null = () => new Uint8Array();

  readonly #packets = new Map<number, Uint8Array[]>();
  readonly #pending = new Map<number, PendingIn[]>();
  readonly #halted = new Set<string>();
  readonly #heldOuts: (() => void)[] = [];
  readonly #endless: ((thrown: DOMException) => void)[] = [];
  readonly #unplugListeners = new Set<() => void>();
  #holdsOuts = false;
  #gone = false;
  #changing = false;

  constructor(options: FakeUsbOptions = {}) {
    this.vendorId = options.vendorId ?? 0x1209;
    this.productId = options.productId ?? 0x0001;
    this.serialNumber = options.serialNumber ?? 'S1';
    [this.deviceVersionMajor, this.deviceVersionMinor] = options.version ?? [1, 0];
    this.configurations = [{ configurationValue: 1, interfaces: options.interfaces ?? [fakeInterface(3, 0xff, 0)] }];
    this.configuration = this.configurations[0]!;
  }

  /** Nobody has it open, and nothing of it is claimed. */
  get isFree(): boolean {
    return !this.opened && this.claimed.size === 0;
  }

  get pendingReads(): number {
    return [...this.#pending.values()].reduce((sum, list) => sum + list.length, 0);
  }

  readonly onUnplug = (listener: () => void) => {
    this.#unplugListeners.add(listener);
    return () => this.#unplugListeners.delete(listener);
  };

  get unplugListeners(): number {
    return this.#unplugListeners.size;
  }

  // What the host does.

  async open(): Promise<void> {
    await this.#change(async () => {
      this.openings++;
      await (this.heldOpening ?? Promise.resolve());
      if (this.#gone) throw error('NotFoundError');
      if (this.busyOpenings-- > 0) throw error('NetworkError');
      if (this.openError) throw error(this.openError);
      this.opened = true;
    });
  }

  async close(): Promise<void> {
    await this.#change(async () => {
      this.closings++;
      this.opened = false;
      this.claimed.clear();
      this.#endAll('AbortError');
    });
  }

  async selectConfiguration(value: number): Promise<void> {
    this.configuration = this.configurations.find((one) => one.configurationValue === value) ?? null;
  }

  async claimInterface(number: number): Promise<void> {
    await this.#change(async () => {
      this.claims++;
      this.#demandOpen();
      if (this.busyClaims-- > 0) throw error('NetworkError', 'Unable to claim interface.');
      if (!this.configuration?.interfaces.some((one) => one.interfaceNumber === number)) throw error('NotFoundError');
      this.claimed.add(number);
    });
  }

  async releaseInterface(number: number): Promise<void> {
    await this.#change(async () => {
      if (!this.claimed.delete(number)) throw error('NotFoundError');
      for (const { endpointNumber } of this.#endpointsOf(number)) this.#end(endpointNumber, 'AbortError');
    });
  }

  async selectAlternateInterface(): Promise<void> {}

  async controlTransferIn(setup: UsbSetup, length: number): Promise<UsbInResult> {
    const answer = await this.#answer(setup, new Uint8Array());
    if (answer === 'stall') return { status: 'stall' };
    return { status: 'ok', data: viewOf(answer.slice(0, length)) };
  }

  async controlTransferOut(setup: UsbSetup, data = new Uint8Array()): Promise<UsbOutResult> {
    const answer = await this.#answer(setup, data);
    return answer === 'stall' ? { status: 'stall', bytesWritten: 0 } : { status: 'ok', bytesWritten: data.length };
  }

  transferIn(endpointNumber: number, length: number): Promise<UsbInResult> {
    if (this.#halted.has(`in ${endpointNumber}`) && this.opened) return Promise.resolve({ status: 'stall' });
    return new Promise((resolve, reject) => {
      const refusal = this.#refusal(endpointNumber, 'in');
      if (refusal) return reject(refusal);
      const list = this.#pending.get(endpointNumber) ?? [];
      list.push({ length, packets: [], resolve, reject });
      this.#pending.set(endpointNumber, list);
      this.#pump(endpointNumber);
    });
  }

  async transferOut(endpointNumber: number, data: Uint8Array): Promise<UsbOutResult> {
    const refusal = this.#refusal(endpointNumber, 'out');
    if (refusal) throw refusal;
    const copy = data.slice();
    if (this.#holdsOuts) {
      await new Promise<void>((resolve, reject) => {
        this.#heldOuts.push(resolve);
        this.#endless.push(reject);
      });
    }
    // As Chromium does, whatever the device took (52).
    if (this.#halted.has(`out ${endpointNumber}`)) return { status: 'stall', bytesWritten: copy.length };
    this.outs.push({ endpoint: endpointNumber, bytes: copy });
    this.onOut(endpointNumber, copy);
    return this.#halted.has(`out ${endpointNumber}`)
      ? { status: 'stall', bytesWritten: copy.length }
      : { status: 'ok', bytesWritten: copy.length };
  }

  async clearHalt(direction: 'in' | 'out', endpointNumber: number): Promise<void> {
    if (this.#gone) throw error('NotFoundError');
    this.#halted.delete(`${direction} ${endpointNumber}`);
    this.clearedHalts.push(`${direction} ${endpointNumber}`);
    this.onClearHalt(direction);
    if (direction === 'in') this.#pump(endpointNumber);
  }

  /** The device's own part in clearing a halt. */
  onClearHalt: (direction: 'in' | 'out') => void = () => {};

  // What the device does.

  /** One transfer, ended by a short packet; an empty one if its last packet is full, unless the device knows none. */
  send(endpoint: number, bytes: Uint8Array, { short = true } = {}): void {
    const { packetSize } = this.#endpoint(endpoint, 'in');
    const packets = this.#packets.get(endpoint) ?? [];
    for (let at = 0; at < bytes.length; at += packetSize) packets.push(bytes.slice(at, at + packetSize));
    if (bytes.length === 0 || (short && bytes.length % packetSize === 0)) packets.push(new Uint8Array());
    this.#packets.set(endpoint, packets);
    this.#pump(endpoint);
  }

  /** What the device was about to send is gone. */
  flush(endpoint: number): void {
    this.#packets.delete(endpoint);
  }

  halt(direction: 'in' | 'out', endpoint: number): void {
    this.#halted.add(`${direction} ${endpoint}`);
    if (direction === 'in')
      for (const one of this.#pending.get(endpoint)?.splice(0) ?? []) one.resolve({ status: 'stall' });
  }

  /** It takes nothing out of its OUT endpoints until `takeAgain`. */
  stopTaking(): void {
    this.#holdsOuts = true;
  }

  takeAgain(): void {
    this.#holdsOuts = false;
    for (const take of this.#heldOuts.splice(0)) take();
  }

  /** Pending transfers fail with this name, and the device stays. */
  failReads(name: string): void {
    for (const endpoint of this.#pending.keys()) this.#end(endpoint, name);
  }

  /** @param order which of the two tells is heard first, or alone */
  unplug(
    order: 'event-first' | 'error-first' | 'event-only' | 'error-only' = 'event-first',
    name = 'NetworkError',
  ): void {
    this.#gone = true;
    const event = () => [...this.#unplugListeners].forEach((listener) => listener());
    if (order.startsWith('event')) event();
    if (order !== 'event-only') this.#endAll(name);
    if (order === 'error-first') setImmediate(event);
  }

  #pump(endpointNumber: number): void {
    const packets = this.#packets.get(endpointNumber) ?? [];
    const pending = this.#pending.get(endpointNumber) ?? [];
    const { packetSize } = this.#endpoint(endpointNumber, 'in');
    while (pending[0] && packets[0] && !this.#halted.has(`in ${endpointNumber}`)) {
      const [first] = pending;
      const packet = packets.shift()!;
      const got = first.packets.reduce((sum, one) => sum + one.length, 0);
      if (got + packet.length > first.length) {
        pending.shift();
        first.resolve({ status: 'babble', data: viewOf(joined([...first.packets, packet]).slice(0, first.length)) });
        continue;
      }
      first.packets.push(packet);
      if (packet.length === packetSize && got + packet.length < first.length) continue;
      pending.shift();
      first.resolve({ status: 'ok', data: viewOf(joined(first.packets)) });
    }
  }

  async #answer(setup: UsbSetup, data: Uint8Array): Promise<Uint8Array | 'stall'> {
    if (this.#gone) throw error('NotFoundError');
    this.#demandOpen();
    if (setup.recipient === 'interface' && !this.claimed.has(setup.index & 0xff)) throw error('NotFoundError');
    this.requests.push({ setup, data: [...data] });
    const answer = this.onRequest(setup, data);
    if (answer !== null) return answer;
    return new Promise((_, reject) => this.#endless.push(reject));
  }

  /** One change of state at a time. */
  async #change(work: () => Promise<void>): Promise<void> {
    if (this.#changing) throw error('InvalidStateError', 'An operation that changes the device state is in progress.');
    this.#changing = true;
    try {
      await Promise.resolve();
      await work();
    } finally {
      this.#changing = false;
    }
  }

  #refusal(endpointNumber: number, direction: 'in' | 'out'): DOMException | null {
    if (this.#gone) return error('NotFoundError', 'The device was disconnected.');
    if (!this.opened) return error('InvalidStateError', 'The device must be opened first.');
    const owner = this.configuration?.interfaces.find(({ alternates }) =>
      alternates[0]?.endpoints.some((one) => one.endpointNumber === endpointNumber && one.direction === direction),
    );
    return owner && this.claimed.has(owner.interfaceNumber)
      ? null
      : error('NotFoundError', 'Not part of a claimed interface.');
  }

  #demandOpen(): void {
    if (!this.opened) throw error('InvalidStateError', 'The device must be opened first.');
  }

  #endAll(name: string): void {
    for (const endpoint of this.#pending.keys()) this.#end(endpoint, name);
    for (const reject of this.#endless.splice(0)) reject(error(name));
    this.#heldOuts.length = 0;
  }

  #end(endpoint: number, name: string): void {
    for (const one of this.#pending.get(endpoint)?.splice(0) ?? []) one.reject(error(name));
  }

  #endpoint(endpointNumber: number, direction: 'in' | 'out'): UsbEndpoint {
    return this.#endpoints().find((one) => one.endpointNumber === endpointNumber && one.direction === direction)!;
  }

  #endpoints(): readonly UsbEndpoint[] {
    return this.configurations[0]!.interfaces.flatMap(({ alternates }) => alternates[0]?.endpoints ?? []);
  }

  #endpointsOf(number: number): readonly UsbEndpoint[] {
    const found = this.configurations[0]!.interfaces.find((one) => one.interfaceNumber === number);
    return found?.alternates[0]?.endpoints ?? [];
  }
}

/** At an offset, as a browser may give it. */
function viewOf(bytes: Uint8Array): DataView {
  const buffer = new Uint8Array(bytes.length + 3);
  buffer.set(bytes, 3);
  return new DataView(buffer.buffer, 3, bytes.length);
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
