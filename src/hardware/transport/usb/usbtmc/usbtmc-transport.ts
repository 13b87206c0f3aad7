/**
 * USBTMC with USB488: a wire of messages, each with its end, and answers that are fetched.
 *
 * Below it: usb-transport.ts (life), answers.ts (reading), requests.ts (control pipe). Above it: the same sessions as
 * over a serial line, which say with each write whether it asks for an answer. An answer that is given up on is aborted on
 * the device before the next message, and if that fails the device is cleared. Rules: ../../RULES.md.
 */
import { Emitter } from '#base/emitter.ts';
import { Fault } from '#base/fault.ts';
import type { HardwareCode, Ieee488 } from '#hardware/transport/transport.ts';
import { usbIdOf, type UsbDeviceLike } from '#hardware/transport/usb/usb-device.ts';
import { refusedBytes } from '#hardware/transport/usb/usb-error.ts';
import type { TwoWayFunction } from '#hardware/transport/usb/usb-function.ts';
import { UsbTransport, type UsbTransportOptions } from '#hardware/transport/usb/usb-transport.ts';
import { Answers } from '#hardware/transport/usb/usbtmc/answers.ts';
import { messageOut, nextTag, requestIn, trigger } from '#hardware/transport/usb/usbtmc/messages.ts';
import { Notifications } from '#hardware/transport/usb/usbtmc/notifications.ts';
import { quirksOf, type Quirks } from '#hardware/transport/usb/usbtmc/quirks.ts';
import { UsbtmcRequests, type Capabilities } from '#hardware/transport/usb/usbtmc/requests.ts';
import { unlessAborted, withDeadline } from '#hardware/waiting.ts';

/** Asked for at once, and sent at once: as python-usbtmc does with every device. */
const MAX_BYTES = 1024 * 1024;

/** The interrupt endpoint is asked every few milliseconds; a status byte that has not come by then will not. */
const STATUS_LIMIT_MS = 1000;

export interface UsbtmcOptions extends UsbTransportOptions {
  /** Ends an answer of a device that never says where its messages end; used only if it can (GET_CAPABILITIES). */
  readonly termChar?: string;
}

export class UsbtmcTransport extends UsbTransport {
  readonly kind = 'message';
  readonly ieee488: Ieee488;
  readonly #quirks: Quirks;
  readonly #termChar: number | undefined;
  readonly #requests: UsbtmcRequests;
  readonly #answers: Answers;
  readonly #notifications: Notifications;
  readonly #serviceRequests = new Emitter<number>();
  #capabilities: Capabilities = { termChar: false, remoteLocal: false, trigger: false, usb488: false };
  #tag: number;

  constructor(device: UsbDeviceLike, fn: TwoWayFunction, label: string, options: UsbtmcOptions) {
    super(device, fn, label, options);
    this.#quirks = quirksOf(usbIdOf(device));
    this.#termChar = options.termChar?.charCodeAt(0);
    // Not the same at every opening: an answer to whoever was here before is no answer to us.
    this.#tag = Math.floor(this.clock.nowMs()) % 255;
    this.#requests = new UsbtmcRequests(this.control, fn, this.clock);
    const isEnded = () => this.ended;
    this.#answers = new Answers(
      { device, fn, clock: this.clock, quirks: this.#quirks, maxBytes: MAX_BYTES, termChar: this.#termChar },
      {
        get ended() {
          return isEnded();
        },
        tell: (bytes, end) => this.tell(bytes, end),
        tellError: (error) => this.tellError(error),
        survives: (thrown) => this.survives(thrown),
        clearStall: () => this.clearStall('in', fn.bulkIn.endpointNumber),
        askOn: (isWanted) => this.#request(undefined, isWanted),
      },
    );
    this.#notifications = new Notifications(device, fn, (statusByte) => this.#serviceRequests.emit(statusByte));
    this.ieee488 = {
      statusByte: (signal) => this.inTurn(signal, (limited) => this.#statusByte(limited)),
      clear: (signal) => this.inTurn(signal, () => this.#clear()),
      trigger: (signal) => this.inTurn(signal, (limited) => this.#trigger(limited)),
      goToLocal: (signal) => this.inTurn(signal, () => this.#goToLocal()),
      onServiceRequest: (listener) => {
        this.#notifications.listen();
        return this.#serviceRequests.on(listener);
      },
    };
  }

  protected async start(): Promise<void> {
    this.#answers.giveUp();
    this.#capabilities = await this.#requests.capabilities();
    // Whoever was here before may have left in the middle of an answer (35).
    if (!this.#quirks.noClear) await this.#clearDevice();
    if (this.#capabilities.remoteLocal) await this.#requests.setRemote(true);
  }

  protected async stop(): Promise<void> {
    if (!this.#capabilities.remoteLocal) return;
    await this.#requests.goToLocal();
    await this.#requests.setRemote(false);
  }

  protected read(): Promise<void> {
    return this.#answers.run();
  }

  protected async send(bytes: Uint8Array<ArrayBuffer>, asks: boolean, signal: AbortSignal): Promise<void> {
    await this.#giveUpAnswer();
    const padded = !this.#quirks.noPadding;
    for (let at = 0; at < bytes.length; at += MAX_BYTES) {
      const part = bytes.subarray(at, at + MAX_BYTES);
      const isLast = at + MAX_BYTES >= bytes.length;
      // The device forgets the parts before it when it halts, so only the first can be sent again.
      await this.#out((tag) => messageOut(tag, part, isLast, padded), signal, at === 0);
    }
    if (asks) await this.#request(signal);
  }

  /** Asks for an answer, or for the rest of one. */
  async #request(signal?: AbortSignal, isWanted = () => true): Promise<void> {
    const termChar = this.#capabilities.termChar ? this.#termChar : undefined;
    const ask = (tag: number) => {
      if (!isWanted()) return null;
      this.#answers.expect(tag);
      return requestIn(tag, MAX_BYTES, termChar);
    };
    await this.#out(ask, signal, true);
  }

  /** @param make gives null when it is not to be sent any more */
  async #out(
    make: (tag: number) => Uint8Array<ArrayBuffer> | null,
    signal: AbortSignal | undefined,
    mayRetry: boolean,
  ): Promise<void> {
    const { endpointNumber } = this.fn.bulkOut;
    for (let attempt = 0; ; attempt++) {
      const message = make(nextTag(this.#tag));
      if (message === null) return;
      const tag = (this.#tag = nextTag(this.#tag));
      const sent = this.device.transferOut(endpointNumber, message);
      const { status } = await this.#taken(sent, tag, signal);
      if (status !== 'stall') return;
      await this.clearStall('out', endpointNumber);
      if (attempt > 0 || !mayRetry) throw refusedBytes(this.label);
    }
  }

  async #taken<T>(sent: Promise<T>, tag: number, signal: AbortSignal | undefined): Promise<T> {
    try {
      return await (signal ? unlessAborted(sent, signal) : sent);
    } catch (thrown) {
      if (this.ended) throw thrown;
      if (!signal?.aborted) {
        await this.settleLoss(thrown);
        throw thrown;
      }
      // Taken back, if the device has begun to take it; if not, whoever comes next waits until it has (42).
      const isTakenBack = await this.#requests.abortOut(tag);
      await sent.catch(() => undefined);
      if (isTakenBack) await this.device.clearHalt('out', this.fn.bulkOut.endpointNumber);
      throw thrown;
    }
  }

  /** A device that still has an answer to give takes no other message before it was told that nobody waits for it (32). */
  async #giveUpAnswer(): Promise<void> {
    const tag = this.#answers.wanted;
    if (tag === null) return;
    const outcome = await this.#requests.abortIn(tag, () => this.#answers.drain());
    this.#answers.giveUp();
    if (outcome === 'failed' && !this.#quirks.noClear && !(await this.#clearDevice()))
      this.lose('it cannot be brought to take another command');
  }

  async #clear(): Promise<void> {
    if (this.#quirks.noClear) throw this.#cannot('take a device clear', 'Switch it off and on instead.');
    if (!(await this.#clearDevice())) throw this.#cannot('take a device clear', 'Switch it off and on instead.');
  }

  async #clearDevice(): Promise<boolean> {
    const isDone = await this.#requests.clear(() => this.#answers.drain());
    this.#answers.giveUp();
    if (isDone) await this.device.clearHalt('out', this.fn.bulkOut.endpointNumber);
    return isDone;
  }

  async #goToLocal(): Promise<void> {
    if (!this.#capabilities.remoteLocal) throw this.#cannot('be set to local by its wire', 'Use its own keys.');
    await this.#requests.goToLocal();
  }

  async #trigger(signal: AbortSignal): Promise<void> {
    if (!this.#capabilities.trigger) throw this.#cannot('be triggered by its wire', 'Send it `*TRG`.');
    await this.#giveUpAnswer();
    await this.#out(trigger, signal, true);
  }

  async #statusByte(signal: AbortSignal): Promise<number> {
    if (!this.#capabilities.usb488) throw this.#cannot('tell its status byte by its wire', 'Ask it `*STB?`.');
    this.#notifications.listen();
    const answer = await this.#requests.statusByte();
    if ('statusByte' in answer) return answer.statusByte;
    return withDeadline(this.clock, STATUS_LIMIT_MS, signal, (limited) =>
      this.#notifications.statusByte(answer.tag, limited),
    );
  }

  #cannot(what: string, remedy: string): Fault<HardwareCode> {
    return new Fault<HardwareCode>('unsupported', `The instrument (${this.label}) cannot ${what}.`, remedy);
  }
}
