/**
 * USBTMC's and USB488's requests on the control pipe.
 *
 * USBTMC 1.0, 4.2.1; USB488 1.0, 4.3. Above it: usbtmc-transport.ts, which knows when. What waits for the device asks
 * again every few milliseconds and has a limit.
 */
import type { Clock } from '#base/clock.ts';
import { RefusedRequest, type ControlPipe } from '#hardware/transport/usb/control-pipe.ts';
import type { TwoWayFunction } from '#hardware/transport/usb/usb-function.ts';

const INITIATE_ABORT_BULK_OUT = 1;
const CHECK_ABORT_BULK_OUT_STATUS = 2;
const INITIATE_ABORT_BULK_IN = 3;
const CHECK_ABORT_BULK_IN_STATUS = 4;
const INITIATE_CLEAR = 5;
const CHECK_CLEAR_STATUS = 6;
const GET_CAPABILITIES = 7;
const READ_STATUS_BYTE = 128;
const REN_CONTROL = 160;
const GO_TO_LOCAL = 161;
const SUCCESS = 0x01;
const PENDING = 0x02;
/** Nothing was under way, so there was nothing to abort. */
const FAILED = 0x80;
/** How often a device that is clearing is asked whether it is done. */
const ASK_AGAIN_MS = 10;
/** An oscilloscope may take seconds to let go of a long acquisition; Linux gives it five. */
const LIMIT_MS = 5000;
/** The interrupt endpoint counts status bytes from 2 to 127 (USB488, 4.3.1). */
const FIRST_STATUS_TAG = 2;
const LAST_STATUS_TAG = 127;

export interface Capabilities {
  readonly termChar: boolean;
  readonly remoteLocal: boolean;
  readonly trigger: boolean;
  /** USB488: it has a status byte. */
  readonly usb488: boolean;
}

export class UsbtmcRequests {
  readonly #control: ControlPipe;
  readonly #fn: TwoWayFunction;
  readonly #clock: Clock;
  #statusTag = FIRST_STATUS_TAG;

  constructor(control: ControlPipe, fn: TwoWayFunction, clock: Clock) {
    this.#control = control;
    this.#fn = fn;
    this.#clock = clock;
  }

  /** A device that refuses the question is asked for nothing beyond messages. */
  async capabilities(): Promise<Capabilities> {
    const answer = await this.#ask(GET_CAPABILITIES, 24);
    const [device, subclass] = [answer[5] ?? 0, answer[14] ?? 0];
    return {
      termChar: (device & 1) !== 0,
      remoteLocal: (subclass & 2) !== 0,
      trigger: (subclass & 1) !== 0,
      usb488: answer[0] === SUCCESS && (answer[12] ?? 0) + (answer[13] ?? 0) > 0,
    };
  }

  /** @param drain called while the device still has bytes to be read. @returns whether the device did it in time */
  async clear(drain: () => Promise<void>): Promise<boolean> {
    const [status] = await this.#ask(INITIATE_CLEAR, 1);
    return status === SUCCESS && this.#settles(() => this.#ask(CHECK_CLEAR_STATUS, 2), drain);
  }

  /** @param drain throws away what comes until a transfer has ended. @returns `nothing` when no answer was under way */
  async abortIn(tag: number, drain: () => Promise<void>): Promise<'done' | 'nothing' | 'failed'> {
    const { endpointNumber } = this.#fn.bulkIn;
    const index = endpointNumber | 0x80;
    // Before the device is told, since the end of its transfer can come ahead of its answer.
    const drained = drain();
    const [status] = await this.#askEndpoint(INITIATE_ABORT_BULK_IN, tag, index, 2);
    if (status !== SUCCESS) return status === FAILED ? 'nothing' : 'failed';
    await drained;
    const check = () => this.#askEndpoint(CHECK_ABORT_BULK_IN_STATUS, 0, index, 8);
    return (await this.#settles(check, drain)) ? 'done' : 'failed';
  }

  /** @returns whether the device had begun to take it, and lets go of it */
  async abortOut(tag: number): Promise<boolean> {
    const index = this.#fn.bulkOut.endpointNumber;
    const [status] = await this.#askEndpoint(INITIATE_ABORT_BULK_OUT, tag, index, 2);
    const check = () => this.#askEndpoint(CHECK_ABORT_BULK_OUT_STATUS, 0, index, 8);
    return status === SUCCESS && this.#settles(check, async () => {});
  }

  /** @returns the tag under which the interrupt endpoint will tell it, or the byte itself where there is none */
  async statusByte(): Promise<{ readonly tag: number } | { readonly statusByte: number }> {
    const tag = this.#statusTag;
    this.#statusTag = tag === LAST_STATUS_TAG ? FIRST_STATUS_TAG : tag + 1;
    const answer = await this.#control.read({ ...TO_INTERFACE, request: READ_STATUS_BYTE, value: tag }, 3);
    return this.#fn.interruptIn ? { tag } : { statusByte: answer[2] ?? 0 };
  }

  async setRemote(isRemote: boolean): Promise<void> {
    await this.#ask(REN_CONTROL, 1, isRemote ? 1 : 0);
  }

  async goToLocal(): Promise<void> {
    await this.#ask(GO_TO_LOCAL, 1);
  }

  async #settles(check: () => Promise<Uint8Array>, drain: () => Promise<void>): Promise<boolean> {
    const untilMs = this.#clock.monotonicMs() + LIMIT_MS;
    for (;;) {
      const [status, more = 0] = await check();
      if (status !== PENDING) return status === SUCCESS;
      if (this.#clock.monotonicMs() >= untilMs) return false;
      if (more & 1) await drain();
      else await this.#clock.sleep(ASK_AGAIN_MS);
    }
  }

  #ask(request: number, length: number, value = 0): Promise<Uint8Array> {
    return this.#control.read({ ...TO_INTERFACE, request, value }, length).catch(nothingIfRefused);
  }

  #askEndpoint(request: number, value: number, index: number, length: number): Promise<Uint8Array> {
    return this.#control
      .read({ requestType: 'class', recipient: 'endpoint', request, value, index }, length)
      .catch(nothingIfRefused);
  }
}

const TO_INTERFACE = { requestType: 'class', recipient: 'interface' } as const;

function nothingIfRefused(thrown: unknown): Uint8Array {
  if (thrown instanceof RefusedRequest) return new Uint8Array();
  throw thrown;
}
