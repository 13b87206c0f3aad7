/**
 * One station in one tab: opens the store, becomes the station when no other tab is, and keeps its parts together.
 *
 * Above it: main.ts. Below it: one file a part. It knows the order of a start and nothing of how a part works.
 */
import { systemClock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import { Turns } from '#base/turns.ts';
import type { ScanTaken } from '#engine/link/people-link.ts';
import type { Enrolment, StationNews } from '#engine/link/station-link.ts';
import { openStore, type LocalStore } from '#storage/store/open.ts';
import { openVault } from '#storage/vault/vault.ts';
import { applyBetweenRuns } from './between-runs.ts';
import { Calibrations } from './calibrations.ts';
import { emergencyStop } from './emergency-stop.ts';
import { enrol } from './enrol.ts';
import type { ChosenDevices } from './chosen-devices.ts';
import { Fixture } from './fixture.ts';
import { frontDesk, takeScan } from './front-desk-of.ts';
import { HandDesk } from './hand-desk.ts';
import { browserRoomLeft, keepMemory, readByPerson, showIncidents, storageNotice } from './memory.ts';
import { SECOND_TAB } from './not-ready.ts';
import { paced } from './paced.ts';
import { People } from './people.ts';
import { Prompts } from './prompts.ts';
import { Procedures } from './procedures.ts';
import { closeInterruptedRuns, interruptedNotice } from './recover.ts';
import { RunDesk } from './run-desk.ts';
import { scannersOf } from './scanners-of.ts';
import { tryBrowser } from './self-test/try-browser.ts';
import { showQueue, showRuns } from './show-runs.ts';
import { StationClock } from './station-clock.ts';
import type { Parts } from './station-parts.ts';
import { Thrift } from './thrift.ts';
import { Transfer } from './transfer.ts';
import { uploadsOf } from './uploads-of.ts';
import { View } from './view.ts';
import { workshopOf } from './workshop/workshop-of.ts';

const STATION_LOCK = 'fieldbench-station';
/** How often the server is asked for new releases and settings; a changed file is seen within this. */
const FLEET_INTERVAL_MS = 15_000;

export class Station {
  readonly view: View;
  readonly prompts: Prompts;
  /** Resolves when the store is open; rejects for ever when it cannot be. */
  readonly store: Promise<LocalStore>;
  /** Files of the air gap, and the runs that are carried for other stations. */
  readonly transfer: Transfer;
  readonly thrift: Promise<Thrift>;
  readonly people: Promise<People>;
  readonly #tell: (news: StationNews) => void;
  /** It only looks on, and never becomes the station. */
  readonly #isWatching: boolean;
  readonly #life = new AbortController();
  readonly #vault = openVault();
  /** Runs and changes of procedure never overlap. */
  readonly #turns = new Turns();
  #parts: Parts | undefined;
  #started = false;

  constructor(tell: (news: StationNews) => void, isWatching = false) {
    this.#tell = tell;
    this.#isWatching = isWatching;
    this.view = new View(tell);
    this.prompts = new Prompts(this.view, systemClock);
    this.store = openStore();
    this.thrift = this.store.then((store) => new Thrift({ store, view: this.view, wake: () => this.wake() }));
    this.people = this.store.then((store) => new People(store, this.view, () => this.#parts));
    // Without a store nothing is sent at all, and that is said.
    for (const part of [this.thrift, this.people]) part.catch(() => {});
    this.transfer = new Transfer({ store: this.store, view: this.view, onTaken: () => this.wake() });
  }

  async open(): Promise<void> {
    const store = await this.store.catch((thrown: unknown) => {
      this.view.notice(storageNotice(thrown));
      this.view.change({ status: 'failed' });
    });
    if (!store) return;
    store.onChange(() => void this.#showRuns(store));
    void this.transfer.onChange(() => void this.#showRuns(store));
    store.onLost((fault) => this.view.notice(storageNotice(fault)));
    await showIncidents(store, this.view);
    await Promise.all([showQueue(this.#runScene(store)), this.#becomeStation(store)]);
  }

  async #becomeStation(store: LocalStore): Promise<void> {
    const held = await navigator.locks.query();
    if (this.#isWatching || held.held?.some(({ name }) => name === STATION_LOCK)) {
      // First: a tab that says so shows no scan field any more.
      this.view.change({ status: 'standby', station: (await store.get<string>('station')) ?? '' });
      this.view.notice(SECOND_TAB);
      await (await this.people).signIn.load();
      void this.#showRuns(store);
    }
    if (this.#isWatching) return;
    await navigator.locks.request(STATION_LOCK, async () => {
      this.view.dismiss('second-tab');
      await this.#start(store);
      // Held until the worker ends: only then may another tab take over.
      await new Promise(() => {});
    });
  }

  async #start(store: LocalStore): Promise<void> {
    const interrupted = await closeInterruptedRuns(store);
    if (interrupted.length > 0) this.view.notice(interruptedNotice(interrupted));
    const procedures = new Procedures(store, this.view);
    await procedures.load();
    const settings = () => procedures.settings;
    const stationClock = new StationClock({ store, view: this.view, clock: systemClock, settings });
    await stationClock.load();
    const fixture = new Fixture(this.view, procedures, store, () => this.#showPlugs());
    const calibrations = new Calibrations({ store, view: this.view, clock: systemClock, fleet: procedures, fixture });
    await calibrations.load();
    const uploads = uploadsOf({
      store: await this.transfer.outbox(),
      view: this.view,
      vault: this.#vault,
      procedures,
      stationClock,
      thrift: await this.thrift,
      onProgress: () => void this.#showRuns(store),
    });
    const { browser, unfit } = await tryBrowser({ store, view: this.view, clock: systemClock });
    const desk: RunDesk = new RunDesk({
      store,
      view: this.view,
      prompts: this.prompts,
      clock: systemClock,
      tell: this.#tell,
      setup: () => this.view.current.standstill ?? unfit ?? fixture.setup(),
      calibrations,
      stationClock,
      browser,
      heldBy: () => workshop.holds,
      onSealed: () => {
        void this.#showRuns(store);
        uploads.wake();
      },
      turns: this.#turns,
    });
    const people = await this.people;
    await people.load();
    const hand = new HandDesk({ fixture, desk, turns: this.#turns, clock: systemClock, view: this.view });
    const workshop = await workshopOf({ tell: this.#tell, view: this.view, turns: this.#turns, desk, hand, fixture });
    const front = frontDesk({ store, view: this.view, people, desk, hand });
    const scanners = scannersOf({ store, view: this.view, people, fixture });
    this.#parts = {
      store,
      procedures,
      fixture,
      uploads,
      desk,
      front,
      hand,
      calibrations,
      scanners,
      stationClock,
      workshop,
    };
    const asked = this.#refreshFleet();
    // Never seen its fleet: a scan waits for the answer, instead of being refused for want of a procedure.
    if (procedures.choices.length === 0) await asked;
    // Ready is said last: a scan that waits for it comes at once, and would find no procedure yet.
    await this.#applyBetweenRuns();
    void scanners.start();
    this.#started = true;
    await this.#showIdentity();
    void this.#showRuns(store);
    void this.#followFleet();
    void uploads.run(this.#life.signal);
    void this.transfer.folder.run(this.#life.signal);
    void people.signIn.watch(this.#life.signal);
    const scene = { store, view: this.view, clock: systemClock, roomLeft: browserRoomLeft, settings };
    void keepMemory(scene, this.#life.signal);
  }

  async enrol(enrolment: Enrolment): Promise<void> {
    const isFirst = this.view.current.station === '';
    await enrol(enrolment, await this.store, await this.#vault, await this.people);
    await this.#parts?.procedures.forgetTrust();
    const look = this.#refreshFleet();
    // Nobody tests here yet, and the first unit is to be judged by this station's own configuration.
    if (isFirst) await look;
    await this.#showIdentity();
    this.view.dismiss('enrolment');
    await this.#applyBetweenRuns();
    this.#parts?.uploads.keyChanged();
  }

  start(scan: string): Promise<ScanTaken> {
    return takeScan(this.#parts?.front, this.view, scan);
  }

  /** Absent in a tab that is not the station. */
  get desks(): Omit<Parts, 'store' | 'fixture' | 'uploads'> | undefined {
    return this.#parts;
  }

  stop(slot?: string): void {
    this.#parts?.desk.stop(slot);
  }

  emergencyStop(): void {
    emergencyStop(this.view, this.#parts);
  }

  /** What is to be run; taken over between runs. */
  async change(procedures: (procedures: Procedures) => Promise<void>): Promise<void> {
    if (this.#parts) await procedures(this.#parts.procedures);
    await this.#applyBetweenRuns();
  }

  async setOwn(own: { readonly simulated: boolean } | { readonly chosenDevices: ChosenDevices }): Promise<void> {
    for (const [key, value] of Object.entries(own)) await (await this.store).set(key, value);
    await this.#applyBetweenRuns();
  }

  async screenFile(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.#parts?.fixture.screenFile(path) ?? null;
  }

  devicesChanged(): void {
    this.#parts?.fixture.refresh();
  }

  wake(): void {
    this.#parts?.uploads.wake();
  }

  leave(): void {
    this.#parts?.fixture.leave();
    this.#parts?.workshop.leave();
  }

  async dismiss(code: string): Promise<void> {
    this.view.dismiss(code);
    await readByPerson(await this.store, code);
  }

  idle(): boolean {
    return this.view.current.status !== 'standby' && !this.#parts?.desk.busy;
  }

  prepareReload(): boolean {
    return this.#isWatching || (this.idle() && (this.#parts?.desk.close() ?? true));
  }

  readonly #applyBetweenRuns = async () => applyBetweenRuns(this.#turns, this.#parts, await this.people);

  async #followFleet(): Promise<void> {
    while (!this.#life.signal.aborted) {
      await systemClock.sleep(FLEET_INTERVAL_MS, this.#life.signal).catch(() => {});
      await this.#refreshFleet();
      // The fleet's list may be another, and a day may have ended.
      this.#parts?.calibrations.show();
    }
  }

  async #refreshFleet(): Promise<void> {
    const { procedures, store } = this.#parts ?? {};
    if (!procedures || !store) return;
    try {
      if (!(await procedures.refresh(this.#life.signal))) return;
      const { tryout } = procedures;
      if (tryout && !(await store.get('station'))) await this.enrol(tryout);
      // First: a station that says that it is ready goes by what it has just taken.
      await this.#applyBetweenRuns();
      await this.#showIdentity();
    } catch (thrown) {
      // The network never stops the line: what is on disk stays in use, and the next round asks again.
      if (thrown instanceof Fault && thrown.code !== 'fleet-unreachable')
        this.view.notice({ code: thrown.code, tone: 'warning', message: thrown.message, remedy: thrown.remedy });
    }
  }

  async #showIdentity(): Promise<void> {
    const station = (await (await this.store).get<string>('station')) ?? '';
    this.view.change({
      station,
      tryout: this.#parts?.procedures.tryout !== undefined,
      status: station === '' ? 'unenrolled' : this.#started ? 'ready' : 'starting',
    });
  }

  #showPlugs(): void {
    this.#parts?.desk.showSlots();
    this.#parts?.calibrations.show();
    this.#parts?.scanners.look();
  }

  readonly #showRuns = paced(systemClock, (store: LocalStore) => showRuns(this.#runScene(store)));

  #runScene(store: LocalStore) {
    return { store, transfer: this.transfer, view: this.view, nowMs: systemClock.nowMs() };
  }
}
