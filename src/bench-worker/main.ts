/**
 * Door: the dedicated worker that owns ports, engine and journal, so that rendering can never delay a read.
 *
 * Builds the real things and hands them in; decides nothing itself. One tab at a time is the station (a Web Lock says
 * which); the others wait and take over when it goes.
 */
import { systemClock } from '#base/clock.ts';
import { Fault } from '#base/fault.ts';
import { serve } from '#engine/link/wire.ts';
import type { StationCommands, StationNews } from '#engine/link/station-link.ts';
import type { WorkshopDraft } from '#engine/link/workshop-link.ts';
import { asText } from '#sync/transfer/as-text.ts';
import { framesOf } from '#sync/transfer/frames.ts';
import { retryParked } from '#sync/outbox/retry.ts';
import { deviceNames, nameDevice } from './device-names.ts';
import { hostSystem } from './host-system.ts';
import { CHOSEN_DEVICES, withChoice, type ChosenDevices } from './chosen-devices.ts';
import { exportAs } from './export-as.ts';
import { readFacts } from './facts-desk.ts';
import { fileOf } from './file-of.ts';
import type { HandDesk } from './hand-desk.ts';
import { healthDeskOf } from './health-desk-of.ts';
import { SECOND_TAB } from './not-ready.ts';
import type { People } from './people.ts';
import { correctRun } from './repair.ts';
import { RolloutWatch } from './rollout-watch.ts';
import { setHere } from './set-here.ts';
import { Station } from './station.ts';
import { wireLogOf } from './wire-log-of.ts';
import { wiresHere } from './wires-here.ts';

/** The name that page/first.ts gives to the worker of a wall view. */
const WALL = 'wall';

const station = new Station((news) => {
  tell(news);
  if (news.kind === 'sealed') station.transfer.folder.add(news.id);
  // Last: a run and its copy wait for nothing of it.
  health.hear(news);
  rollouts.hear(news);
}, self.name === WALL);
const rollouts = new RolloutWatch(
  (release) => void station.change(async ({ releases }) => void (await releases.haltHere(release))),
);
const health = healthDeskOf(station);

const tell = serve<StationCommands, StationNews>(self, {
  enrol: (enrolment) => station.enrol(enrolment),
  start: (serial) => station.start(serial),
  startWaiting: () => station.desks?.desk.startWaiting(),
  aimAt: (slot) => station.desks?.desk.aimAt(slot),
  stop: (slot) => station.stop(slot),
  answer: (prompt, answers) => station.prompts.answer(prompt, answers),
  screenFile: (path) => station.screenFile(path),
  emergencyStop: () => station.emergencyStop(),
  selectProcedure: async (folder) => {
    if ((await station.people).allows('procedure') && isOpen('default_procedure'))
      await station.change((procedures) => procedures.choose(folder));
  },
  useRelease: async (folder, release) => {
    const { signIn } = await mayChooseRelease();
    await station.change(({ releases }) => releases.use(folder, release, signIn.current?.name ?? ''));
  },
  followFleet: async (folder) => {
    await mayChooseRelease();
    await station.change(({ releases }) => releases.follow(folder));
  },
  setSimulated: async (simulated) => {
    if ((await station.people).allows('simulated') && isOpen('simulated')) await station.setOwn({ simulated });
  },
  devicesChanged: () => station.devicesChanged(),
  wake: () => station.wake(),
  dismiss: (code) => station.dismiss(code),
  notify: (notice) => station.view.notice(notice),
  history: async (query) => (await station.store).history(query),
  run: async (id) => (await station.store).record(id),
  facts: async (query) =>
    readFacts({ store: await station.store, clock: systemClock, isBusy: () => station.view.current.running }, query),
  file: async (run, name) => {
    await mayExport();
    return fileOf(await station.store, run, name);
  },
  wireLog: (run, name) => mayExport().then(async () => wireLogOf(await station.store, run, name)),
  queue: (limit) => station.transfer.queue(limit),
  retry: async (id) => {
    if (!(await station.people).allows('uploads')) return;
    await retryParked(await station.transfer.outbox(), id);
    station.wake();
  },
  exportAs: async (format, which) => {
    await mayExport();
    return exportAs(await station.store, format, which);
  },
  correct: async (id, wish) => {
    await (await station.people).demand('uploads');
    await correctRun(await station.transfer.outbox(), id, wish, new Date(systemClock.nowMs()).toISOString());
    station.wake();
    station.transfer.folder.add(id);
  },
  exportRuns: (as) => mayExport().then(() => station.transfer.exportRuns(as)),
  forgetExport: (ids) => mayExport().then(() => station.transfer.forgetExport(ids)),
  openTransfer: (bytes, acceptedKey) => mayExport().then(() => station.transfer.open(bytes, acceptedKey)),
  writeReceipt: (origin) => mayExport().then(() => station.transfer.writeReceipt(origin)),
  transfers: () => station.transfer.state(),
  asText: (bytes) => asText(bytes),
  framesOf: (bytes) => framesOf(bytes),
  takeFrame: (text) => mayExport().then(() => station.transfer.takeFrame(text)),
  forgetFrames: () => station.transfer.forgetFrames(),
  keepFolder: (handle) => mayExport().then(() => station.transfer.folder.pick(handle)),
  keptFolder: () => station.transfer.folder.handle(),
  lookIntoFolder: () => station.transfer.folder.lookAgain(),
  forgetFolder: () => mayExport().then(() => station.transfer.folder.forget()),
  keepDelivered: (keeps) => mayExport().then(() => station.transfer.folder.keepDelivered(keeps)),
  openFolder: (handle, acceptedKeys) => mayExport().then(() => station.transfer.openFolder(handle, acceptedKeys)),
  persisted: (granted) => station.view.change({ persisted: granted }),
  supply: async (supply) => {
    health.supply(supply);
    await (await station.thrift).heed(supply);
  },
  takeOverName: async () => {
    await (await station.people).demand('enrol');
    await health.takeOver();
  },
  sendFilesNow: async () => (await station.thrift).sendNow(),
  say: async (place, words) => {
    await (await station.people).demand('fixture');
    return hand().say(place, words);
  },
  chooseDevice: async (place, answer) => {
    await (await station.people).demand('fixture');
    const before = (await (await station.store).get<ChosenDevices>(CHOSEN_DEVICES)) ?? {};
    await station.setOwn({ chosenDevices: withChoice(before, place, answer) });
  },
  wiresHere: () =>
    wiresHere({
      system: hostSystem(navigator),
      isSecure: isSecureContext,
      hasSerial: 'serial' in navigator,
      hasUsb: 'usb' in navigator,
    }),
  deviceNames: async () => deviceNames(await station.store),
  nameDevice: async (device, name) => {
    await (await station.people).demand('fixture');
    await nameDevice(await station.store, device, name);
  },
  makeSafe: () => hand().makeSafe(),
  beforeForget: async () => {
    await (await station.people).demand('fixture');
    await hand().release();
  },
  visit: async (place, way) => {
    await (await station.people).demand('fixture');
    return hand().visits.begin(place, way);
  },
  sayToVisited: async (words) => {
    await (await station.people).demand('fixture');
    return hand().visits.say(words);
  },
  visitTraffic: (afterMs) => hand().visits.traffic(afterMs),
  endVisit: () => station.desks?.hand.visits.end(),
  calibrations: () => station.desks?.calibrations.list() ?? [],
  enterCalibration: async (wish) => {
    await (await station.people).demand('fixture');
    await ofStation().calibrations.enter(wish);
  },
  addScanner: async (wish) => {
    await (await station.people).demand('fixture');
    await ofStation().scanners.add(wish);
  },
  forgetScanner: async (id) => {
    await (await station.people).demand('fixture');
    await ofStation().scanners.forget(id);
  },
  traffic: (place, afterMs) => hand().traffic(place, afterMs),
  leave: () => station.leave(),
  idle: () => station.idle(),
  prepareReload: () => station.prepareReload(),
  signIn: async (id, pin) => (await station.people).enter(id, pin),
  signOut: async () => (await station.people).signIn.signOut(),
  savePerson: async (wish) => (await station.people).save(wish),
  removePerson: async (id) => (await station.people).remove(id),
  setSignIn: async (settings) => (await station.people).configure(settings),
  configuration: async () => {
    const { configurationView } = await import('./configuration-view.ts');
    const { book } = await station.people;
    return configurationView(ofStation().procedures.configuration.kept, await setHere(await station.store, book));
  },
  approve: (id, pin) => station.desks?.front.approve(id, pin),
  acknowledge: async (ids) => (await station.people).failed.acknowledge(ids),
  cancelUnit: () => station.desks?.front.cancel(),
  workshopRun: async (wish) => {
    await (await station.people).demand('workshop');
    await ofStation().workshop.run(wish);
  },
  workshopGo: (pace) => station.desks?.workshop.go(pace),
  workshopStop: () => station.desks?.workshop.stop(),
  workshopAnswer: (prompt, answers) => station.desks?.workshop.answer(prompt, answers) ?? [],
  releasedTexts: async (folder) => {
    await (await station.people).demand('workshop');
    const texts = await station.desks?.procedures.texts(folder);
    if (texts) return texts;
    throw new Fault('no-procedure', `This station does not have the procedure “${folder}”.`, 'Choose another one.');
  },
  keepDraft: async (draft) => (await station.store).set('workshop-draft', draft),
  draft: async () => (await (await station.store).get<WorkshopDraft | null>('workshop-draft')) ?? null,
});

/** @returns false, with a notice, where the fleet has locked it */
function isOpen(key: string): boolean {
  try {
    station.desks?.procedures.configuration.demandUnlocked(key);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    station.view.notice({ code: thrown.code, tone: 'warning', message: thrown.message, remedy: thrown.remedy });
    return false;
  }
}

async function mayExport(): Promise<void> {
  await (await station.people).demand('export');
}

async function mayChooseRelease(): Promise<People> {
  const people = await station.people;
  await people.demand('release');
  return people;
}

function hand(): HandDesk {
  return ofStation().hand;
}

function ofStation(): NonNullable<Station['desks']> {
  if (station.desks) return station.desks;
  throw new Fault('second-tab', SECOND_TAB.message, 'Do it there.');
}

void station.open();
