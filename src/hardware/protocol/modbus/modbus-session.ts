/**
 * A Modbus RTU master: one request in flight, one ordered queue for all units on the line, and no late answer believed.
 *
 * Below it: modbus-line.ts; beside it: modbus-step.ts. Above it: the Modbus driver, and the resource manager. Rules:
 * RULES.md. Knows nothing of ports, and of readings only what the procedure's register map says.
 */
import { Fault } from '#base/fault.ts';
import type { Clock } from '#base/clock.ts';
import { Emitter, type Listener } from '#base/emitter.ts';
import type { CommandSession } from '#hardware/protocol/command-session.ts';
import type { Identification } from '#hardware/protocol/in-step.ts';
import { exceptionFault, unitSilentFault, unsendable } from '#hardware/protocol/modbus/modbus-faults.ts';
import { queryFrom, writeFrom, type ModbusCommand } from '#hardware/protocol/modbus/modbus-commands.ts';
import { ModbusLine } from '#hardware/protocol/modbus/modbus-line.ts';
import { decodeAnswer, encodeRequest, type ModbusRequest } from '#hardware/protocol/modbus/modbus-pdu.ts';
import { ModbusStep } from '#hardware/protocol/modbus/modbus-step.ts';
import { OwedAnswers } from '#hardware/protocol/modbus/owed-answers.ts';
import type { ModbusMap } from '#hardware/protocol/modbus/register-map.ts';
import { hexFromBytes } from '#hardware/protocol/byte-text.ts';
import { RequestQueue, type Request } from '#hardware/protocol/request-queue.ts';
import { closedFault } from '#hardware/protocol/session-faults.ts';
import type { HardwareFault, Transport } from '#hardware/transport/transport.ts';
import { after } from '#hardware/waiting.ts';

/** What most masters wait; the specification leaves it to the application. */
const ANSWER_LIMIT_MS = 1000;
/** Where the step is lost, a command of the safe state is given so long, and sent once more when it is found again. */
const BLIND_LIMIT_MS = 200;

export interface ModbusSessionOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly baudRate: number;
  readonly map: ModbusMap;
  /** A query such as `model?`; empty: any answer of the plug's unit is taken for it. */
  readonly identityQuery: string;
}

interface Exchange {
  readonly queued: Request<Values>;
  readonly unitId: number;
  readonly request: ModbusRequest;
  /** In words, for messages. */
  readonly what: string;
}

type Values = readonly number[];

export class ModbusSession implements CommandSession {
  readonly #clock: Clock;
  readonly #map: ModbusMap;
  readonly #identityQuery: string;
  readonly #line: ModbusLine;
  readonly #owed = new OwedAnswers();
  readonly #step: ModbusStep;
  readonly #unsolicited = new Emitter<string>();
  readonly #queue = new RequestQueue<Values>(() => this.#giveUp());
  /** What is on the wire and waits for its answer. */
  #asked: Exchange | null = null;

  constructor({ transport, clock, baudRate, map, identityQuery }: ModbusSessionOptions) {
    this.#clock = clock;
    this.#map = map;
    this.#identityQuery = identityQuery;
    this.#line = new ModbusLine(transport, clock, baudRate, {
      frame: (frame, atMs) => this.#heard(frame, atMs),
      damaged: (fault) => this.#damaged(fault),
      lost: (fault) => this.#queue.lose(fault),
    });
    this.#step = new ModbusStep({ line: this.#line, clock, owed: this.#owed });
  }

  /** Frames that nobody waited for, in hexadecimal. */
  onUnsolicited(listener: Listener<string>): () => void {
    return this.#unsolicited.on(listener);
  }

  /**
   * One request to one unit. @returns what was read; nothing for a write, which the unit has confirmed
   * @throws {HardwareFault} `timeout`, `instrument-error` (an exception, by name), `line-error`, `lost`, `aborted`
   */
  request(
    unitId: number,
    request: ModbusRequest,
    signal: AbortSignal,
    timeoutMs = ANSWER_LIMIT_MS,
    what: string = request.kind,
  ): Promise<Values> {
    try {
      encodeRequest(request);
    } catch (thrown) {
      return Promise.reject(unsendable(this.#line.label, thrown instanceof Error ? thrown.message : String(thrown)));
    }
    return this.#queue.add(what, signal, timeoutMs, (queued) =>
      this.#whenInStep(queued, unitId, () => this.#ask({ queued, unitId, request, what: JSON.stringify(what) })),
    );
  }

  /** @see modbus-commands.ts */
  async query(command: string, signal: AbortSignal, timeoutMs?: number): Promise<string> {
    const { unitId, request, textOf } = queryFrom(command, this.#map);
    return textOf(await this.request(unitId, request, signal, timeoutMs, command));
  }

  async write(command: string, signal: AbortSignal): Promise<void> {
    const { unitId, request } = writeFrom(command, this.#map);
    await this.request(unitId, request, signal, undefined, command);
  }

  /** @throws {HardwareFault} `lost`, `aborted`, `protocol-error` */
  async identify(accepts: (answer: string) => boolean, signal: AbortSignal): Promise<Identification> {
    const found = (answer: string): Identification =>
      accepts(answer) ? { kind: 'match', answer } : { kind: 'other', answer };
    const { unitId, request, textOf } = this.#identity();
    try {
      const what = this.#identityQuery || `who unit ${unitId} is`;
      const values = await this.request(unitId, request, signal, ANSWER_LIMIT_MS, what);
      // What a register holds may change; that the unit answers does not.
      return found(this.#identityQuery === '' ? `Modbus unit ${unitId}` : textOf(values));
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown;
      if (thrown.code === 'timeout') return { kind: 'silent' };
      if (thrown.code !== 'instrument-error') throw thrown;
      if (this.#identityQuery === '') return found(`Modbus unit ${unitId}`);
      return { kind: 'other', answer: thrown.message };
    }
  }

  /**
   * Sends the commands now, ahead of everything: what is under way or waits is stopped. Resolves when the units have
   * confirmed each of them. The caller's signal is the deadline.
   * @throws {HardwareFault} `timeout`, `instrument-error`, `lost`, `aborted`, `protocol-error`
   */
  async makeSafe(commands: readonly string[], signal: AbortSignal): Promise<void> {
    this.#queue.stopAll('the device was put into its safe state');
    const writes = commands.map((command) => writeFrom(command, this.#map));
    // Out of step nothing that comes back is believed; the commands go out all the same, before anything is waited for.
    const blind = writes.filter(({ unitId }) => this.#owed.of(unitId).length > 0);
    if (blind.length > 0) {
      await this.#queue.add(commands.join('; '), signal, Infinity, (queued) =>
        this.#queue.work(queued, (stop) => this.#sendBlindly(blind, stop)),
      );
    }
    const all = writes.map(({ unitId, request }, at) =>
      this.request(unitId, request, signal, ANSWER_LIMIT_MS, commands[at]),
    );
    const ended = await Promise.allSettled(all);
    // Every command has had its try before the first failure is told.
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  }

  /** Nothing is heard or sent any more; the transport stays as it is. */
  close(): void {
    this.#line.detach();
    this.#queue.lose(closedFault(this.#line.label));
  }

  #identity(): ModbusCommand {
    if (this.#identityQuery !== '') return queryFrom(this.#identityQuery, this.#map);
    const own = this.#map.registers.find(({ unitId }) => unitId === this.#map.unitId);
    return queryFrom(`${own?.name ?? 'holding 0'}?`, this.#map);
  }

  async #sendBlindly(writes: readonly ModbusCommand[], stop: AbortSignal): Promise<Values> {
    for (const { unitId, request } of writes) {
      await this.#line.send(unitId, request, stop);
      this.#owed.add(unitId, request, this.#clock.monotonicMs(), BLIND_LIMIT_MS);
      await this.#clock.sleep(BLIND_LIMIT_MS, stop);
    }
    return [];
  }

  #whenInStep(queued: Request<Values>, unitId: number, act: () => void): void {
    if (this.#step.isInStep(unitId)) return act();
    const stop = new AbortController();
    queued.stop = () => stop.abort();
    this.#step.regain(unitId, stop.signal).then(
      () => this.#queue.current === queued && act(),
      (thrown: unknown) => this.#queue.fail(queued, thrown),
    );
  }

  #ask(exchange: Exchange): void {
    const { queued, unitId, request } = exchange;
    this.#asked = exchange;
    this.#line.listenFor(unitId, request);
    queued.deadlineMs = this.#clock.monotonicMs() + queued.timeoutMs;
    const stopTimer = after(this.#clock, queued.timeoutMs, () => this.#expire(exchange));
    queued.stop = () => {
      stopTimer();
      this.#asked = null;
      this.#line.listenFor(unitId, null);
    };
    this.#line.send(unitId, request, queued.signal).catch((thrown: unknown) => this.#queue.fail(queued, thrown));
  }

  #expire({ queued, unitId, what }: Exchange): void {
    this.#giveUp();
    this.#queue.fail(queued, unitSilentFault(this.#line.label, unitId, what, queued.timeoutMs));
  }

  /** Its answer may still come, and must not be taken for the next one's (32). */
  #giveUp(): void {
    if (!this.#asked) return;
    const { unitId, request, queued } = this.#asked;
    this.#owed.add(unitId, request, this.#clock.monotonicMs(), queued.timeoutMs);
  }

  #heard(frame: Uint8Array, atMs: number): void {
    if (this.#step.hears(frame)) return;
    const asked = this.#asked;
    // Timers are late when the machine is busy; the clock is not (36).
    const isLate = asked !== null && atMs > asked.queued.deadlineMs;
    if (asked && !isLate && frame[0] === asked.unitId) {
      const answer = decodeAnswer(asked.request, frame.subarray(1));
      if (answer.kind === 'values') return this.#queue.settle(asked.queued, answer.values);
      if (answer.kind === 'exception') return this.#queue.fail(asked.queued, this.#refusal(asked, answer.code));
    }
    this.#unsolicited.emit(hexFromBytes(frame));
    if (isLate) this.#expire(asked);
    this.#step.strange(frame);
  }

  #refusal({ unitId, what }: Exchange, code: number): HardwareFault {
    return exceptionFault(this.#line.label, unitId, what, code);
  }

  #damaged(fault: HardwareFault): void {
    const asked = this.#asked;
    if (!asked) return;
    this.#giveUp();
    this.#queue.fail(asked.queued, fault);
  }
}
