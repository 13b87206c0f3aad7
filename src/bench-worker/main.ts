/**
 * Door: the dedicated worker that owns ports, engine and journal, so that rendering can never delay a read.
 *
 * Builds the real things and hands them in; decides nothing itself. One tab at a time is the station (a Web Lock says
 * which); the others wait and take over when it goes.
 */
import { serve } from '#engine/link/wire.ts';
import type { StationCommands, StationNews } from '#engine/link/station-link.ts';
import { asText } from '#sync/transfer/as-text.ts';
import { framesOf } from '#sync/transfer/frames.ts';
import { exportAs } from './export-as.ts';
import { Station } from './station.ts';

const station = new Station((news) => {
  tell(news);
  if (news.kind === 'sealed') station.transfer.folder.add(news.id);
});

const tell = serve<StationCommands, StationNews>(self, {
  enrol: (enrolment) => station.enrol(enrolment),
  start: (serial) => station.start(serial),
  startWaiting: () => station.startWaiting(),
  aimAt: (slot) => station.aimAt(slot),
  stop: (slot) => station.stop(slot),
  answer: (prompt, answers) => station.prompts.answer(prompt, answers),
  screenFile: (path) => station.screenFile(path),
  emergencyStop: () => station.emergencyStop(),
  selectProcedure: (folder) => station.selectProcedure(folder),
  setSimulated: (simulated) => station.setSimulated(simulated),
  devicesChanged: () => station.devicesChanged(),
  wake: () => station.wake(),
  dismiss: (code) => station.dismiss(code),
  notify: (notice) => station.view.notice(notice),
  history: async (query) => (await station.store).history(query),
  run: async (id) => (await station.store).record(id),
  queue: (limit) => station.transfer.queue(limit),
  retry: (id) => station.retry(id),
  exportAs: async (format, which) => exportAs(await station.store, format, which),
  correct: async (id, wish) => {
    await station.correct(id, wish);
    station.transfer.folder.add(id);
  },
  exportRuns: (as) => station.transfer.exportRuns(as),
  forgetExport: (ids) => station.transfer.forgetExport(ids),
  openTransfer: (bytes, acceptedKey) => station.transfer.open(bytes, acceptedKey),
  writeReceipt: (origin) => station.transfer.writeReceipt(origin),
  transfers: () => station.transfer.state(),
  asText: (bytes) => asText(bytes),
  framesOf: (bytes) => framesOf(bytes),
  takeFrame: (text) => station.transfer.takeFrame(text),
  forgetFrames: () => station.transfer.forgetFrames(),
  keepFolder: (handle) => station.transfer.folder.pick(handle),
  keptFolder: () => station.transfer.folder.handle(),
  lookIntoFolder: () => station.transfer.folder.lookAgain(),
  forgetFolder: () => station.transfer.folder.forget(),
  keepDelivered: (keeps) => station.transfer.folder.keepDelivered(keeps),
  openFolder: (handle, acceptedKeys) => station.transfer.openFolder(handle, acceptedKeys),
  persisted: (granted) => station.view.change({ persisted: granted }),
  supply: async (supply) => (await station.thrift).heed(supply),
  sendFilesNow: async () => (await station.thrift).sendNow(),
  leave: () => station.leave(),
  idle: () => station.idle(),
  prepareReload: () => station.prepareReload(),
});

void station.open();
