/**
 * One plug and, when it is bound, what it is bound to.
 *
 * Holds the rules of a single plug: ready only after identity and safe state, safe on demand, lost when in doubt. Above
 * it: create-bench.ts and search.ts. Below: a session. Knows nothing of other plugs and of how devices are found.
 */
import { Fault, messageOf } from '#base/fault.ts';
import type { PlugStatus, RebootForm } from '#hardware/bench/bench.ts';
import type { Connection, FoundDevice, Place, Sighting, Twin } from '#hardware/bench/found-device.ts';
import type { BenchPlug } from '#hardware/bench/plug.ts';
import { statusOf, type PlugLinkOptions } from '#hardware/bench/plug-status.ts';
import { PlugForm } from '#hardware/bench/plug-form.ts';
import {
  another,
  cutOff,
  leftBefore,
  lookingFor,
  noAnswer,
  notChecked,
  rebooting,
  unsafe,
  wordsFor,
  type Finding,
  type PlugWords,
} from '#hardware/bench/plug-words.ts';
import { PlugWires } from '#hardware/bench/plug-wires.ts';
import { createInstrument, type DeviceSession } from '#hardware/instrument/open-device.ts';
import type { Instrument } from '#hardware/instrument/instrument.ts';
import type { Identification } from '#hardware/protocol/in-step.ts';
import { withDeadline } from '#hardware/waiting.ts';

/** Late answers 1 s, silence 0.5 s, identity 1 s, and some room: then nobody believes in the safe state any more. */
const SAFE_STATE_LIMIT_MS = 3000;

export class PlugLink {
  readonly plug: BenchPlug;
  readonly simulated: boolean;
  readonly form: PlugForm;
  /** Empty while it is simulated. */
  readonly wires = new PlugWires();
  /** True while a device that was found is being made ready. */
  binding = false;
  readonly #options: PlugLinkOptions;
  #connection: Connection | null = null;
  /** What the last check before a run was about. */
  #checked: object | null = null;
  /** A reboot that is expected: what was seen of it. */
  #reboot: Sighting | null = null;
  /** Another device that answers as this plug does. */
  #twin: Twin | null = null;
  #wasReady = false;
  /** Its safe state was asked for and not confirmed. */
  #isUnsafe = false;
  #identity = '';
  #words: PlugWords;

  constructor(options: PlugLinkOptions) {
    const { plug, simulated, hasIdentity } = options;
    this.#options = options;
    this.plug = plug;
    this.simulated = simulated;
    this.form = new PlugForm(plug, hasIdentity);
    this.#words = lookingFor(plug.name);
  }

  get status(): PlugStatus {
    const serialNumber = this.#connection?.candidate.serialNumber ?? '';
    return statusOf(this.#options, { words: this.#words, identity: this.#identity, serialNumber, twin: this.#twin });
  }

  /** Another device, as the search knows it, that answers as this plug does; null when there is none. */
  get twin(): object | null {
    return this.#twin?.candidate ?? null;
  }

  /** While another device answers as this plug does no run begins; what is bound stays bound, and can be made safe. */
  doubt(twin: Twin | null): void {
    this.#twin = twin;
    this.#options.onChange();
  }

  get ready(): boolean {
    return this.#connection !== null && !this.binding;
  }

  get wasReady(): boolean {
    return this.#wasReady;
  }

  get candidate(): Place | null {
    return this.#connection?.candidate ?? null;
  }

  /** What the search found, or did not find, while the plug is not ready. */
  describe(words: PlugWords): void {
    if (this.#reboot) return void (this.#reboot.words = words);
    // That a unit may be under power stays said until the safe state was reached.
    if (this.#isUnsafe && words.state === 'lost') return;
    this.#say(words);
  }

  /**
   * Takes an identified device over and puts it into its safe state; ready afterwards.
   * @returns null when it is ready; else what is in the way, and the device is the caller's again
   */
  async bind(found: FoundDevice, signal: AbortSignal): Promise<Finding | null> {
    const { candidate, transport, session, answer, log } = found;
    const { plug } = this;
    const connection = { lineage: {}, candidate, transport, session, instrument: createInstrument(plug, session) };
    this.#connection = connection;
    this.binding = true;
    if (log) this.wires.add(log);
    transport.onEvent((event) => {
      if (event.kind === 'lost' && this.#connection === connection)
        this.#lose(wordsFor(plug.name, { kind: 'none' }, this.#wasReady));
    });
    try {
      if (plug.safeState.length > 0) await this.#sendSafeState(session, signal);
      if (this.#connection !== connection) return { kind: 'none' };
      log?.endOpening();
      this.#identity = answer;
      this.#wasReady = true;
      this.#isUnsafe = false;
      this.binding = false;
      this.#say({ state: 'ready', message: '', remedy: '' });
      return null;
    } catch (thrown) {
      if (this.#connection !== connection) return { kind: 'none' };
      this.#connection = null;
      const { message, remedy } = unsafe(plug.name, messageOf(thrown));
      return { kind: 'fault', message, remedy };
    } finally {
      this.binding = false;
    }
  }

  /** What the last check was about, and is still there; null when it is not. */
  get checked(): object | null {
    return this.ready && this.#checked === this.#connection?.lineage ? this.#checked : null;
  }

  /** Asks who is there once more; who is not there or is another is released. @returns null when the plug may be used */
  async check(signal: AbortSignal): Promise<PlugStatus | null> {
    const connection = this.#connection;
    if (!connection || !this.ready || this.#twin !== null) return this.status;
    if (!this.form.restore(connection.candidate)) {
      await this.#release(connection, another(this.plug.name, connection.candidate.usb));
      return this.status;
    }
    try {
      const found = await this.identify(signal);
      if (this.#connection !== connection) return this.status;
      if (found.kind === 'silent') await this.#release(connection, noAnswer(this.plug.name));
      else if (found.kind === 'other') await this.#release(connection, wordsFor(this.plug.name, found, true));
      else if (found.answer !== this.#identity) await this.#welcomeAnother(connection, found.answer, signal);
    } catch (thrown) {
      if (this.#connection !== connection) return this.status;
      if (signal.aborted) return { ...this.status, ...notChecked(this.plug.name) };
      await this.#release(connection, { ...noAnswer(this.plug.name), message: messageOf(thrown) });
    }
    this.#checked = this.#connection?.lineage ?? null;
    return this.#connection === null ? this.status : null;
  }

  /**
   * @param checked what was checked before the run; null: nothing was
   * @throws {HardwareFault} `lost` when the plug is not ready, or is another connection since then
   */
  instrument(checked: object | null): Instrument {
    const connection = this.#connection;
    const { name } = this.plug;
    if (!connection || this.binding) {
      throw new Fault(
        'lost',
        this.#words.message || `${name} is not ready.`,
        this.#words.remedy || 'Wait until it is ready.',
      );
    }
    if (checked !== null && checked !== connection.lineage) {
      throw new Fault('lost', `${name} was gone for a while in this run.`, 'Test this unit again.');
    }
    return connection.instrument;
  }

  /**
   * From now on its device may leave and come back, until the reboot is ended.
   * @param checked what was checked before the run; null: nothing was
   * @throws {HardwareFault} `lost` when it is not there, or is another connection since then
   */
  expectReboot(checked: object | null, as?: RebootForm): Sighting {
    const connection = this.#connection;
    if (!connection || !this.ready || (checked !== null && checked !== connection.lineage))
      throw leftBefore(this.plug.name);
    this.form.await({ identity: this.#identity, place: connection.candidate, ...(as ? { as } : {}) });
    return (this.#reboot = { lineage: connection.lineage, hasLeft: false, words: null });
  }

  /** @param isBack what is bound now is what was checked before */
  endReboot(sighting: Sighting, isBack: boolean): void {
    if (this.#reboot !== sighting) return;
    this.#reboot = null;
    this.form.settle();
    if (isBack && this.#connection) this.#connection.lineage = sighting.lineage;
    if (this.ready) return;
    this.#say(sighting.words ?? wordsFor(this.plug.name, { kind: 'none' }, true));
    this.#options.onLoss();
  }

  /** Who is behind its wire. Only while it is ready. */
  async identify(signal: AbortSignal): Promise<Identification> {
    return this.#connection?.session.identify((answer) => this.form.accepts(answer), signal) ?? { kind: 'silent' };
  }

  /** The first command is handed over before this returns. @returns null when the safe state was reached or there is none */
  async makeSafe(signal: AbortSignal): Promise<PlugStatus | null> {
    if (this.plug.safeState.length === 0) return null;
    const connection = this.#connection;
    if (!connection || !this.ready) return this.status;
    try {
      await this.#sendSafeState(connection.session, signal);
      return null;
    } catch (thrown) {
      this.#isUnsafe = true;
      await this.#release(connection, unsafe(this.plug.name, messageOf(thrown)));
      return this.status;
    }
  }

  /** Its safe state was asked for, or its wire was cut, and the device has not confirmed a safe state since. */
  get isUnsafe(): boolean {
    return this.#isUnsafe;
  }

  /** Ends the wire at once, whatever it carries. Ready again when the device was found and has confirmed its safe state. */
  cutOff(): void {
    const connection = this.#connection;
    // A device that is being made ready hears nothing but its safe state, and that must reach it.
    if (!connection || this.binding) return;
    this.#reboot = null;
    this.form.settle();
    this.#isUnsafe = this.plug.safeState.length > 0;
    this.#connection = null;
    connection.transport.cut('the emergency stop cut it');
    this.#leave(connection, cutOff(this.plug.name, this.#isUnsafe));
  }

  /** Gives the device free, as it is. */
  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = null;
    connection?.session.close();
    await connection?.transport.close();
  }

  async #sendSafeState(session: DeviceSession, signal: AbortSignal): Promise<void> {
    await withDeadline(this.#options.clock, SAFE_STATE_LIMIT_MS, signal, (limited) =>
      session.makeSafe(this.plug.safeState, limited),
    );
  }

  /** Another device of the right kind answers behind the same port: safe first, then it is this plug. */
  async #welcomeAnother(connection: Connection, answer: string, signal: AbortSignal): Promise<void> {
    if (this.plug.safeState.length > 0) await this.#sendSafeState(connection.session, signal);
    this.#identity = answer;
    this.#options.onChange();
  }

  #say(words: PlugWords): void {
    if (words.state === this.#words.state && words.message === this.#words.message) return;
    this.#words = words;
    this.#options.onChange();
  }

  /** The wire is gone. What is left of it is closed before anyone looks for the device again. */
  #lose(words: PlugWords): void {
    const connection = this.#connection;
    this.#connection = null;
    this.#leave(connection, words);
  }

  #leave(connection: Connection | null, words: PlugWords): void {
    this.#twin = null;
    if (this.#reboot) this.#reboot.hasLeft = true;
    this.#say(this.#reboot && !this.#isUnsafe ? rebooting(this.plug.name) : words);
    connection?.session.close();
    if (!this.binding) void connection?.transport.close().then(this.#options.onLoss);
  }

  /** The wire holds, but what is behind it cannot be used. */
  async #release(connection: Connection, words: PlugWords): Promise<void> {
    connection.session.close();
    await connection.transport.close();
    if (this.#connection === connection) this.#lose(words);
  }
}
