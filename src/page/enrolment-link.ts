/**
 * An enrolment link opened in this window: out of the address at once, into the station.
 *
 * Asks the browser to keep this station's data, since only a page may, and passes the answer on.
 */
import { Fault } from '#base/fault.ts';
import { isEnrolmentFragment, readEnrolment } from '#fleet/identity/enrolment.ts';
import type { StationPort } from '#ui/station-port.ts';

export async function takeEnrolment(station: StationPort): Promise<void> {
  takeFragment(station);
  window.addEventListener('hashchange', () => takeFragment(station));
  // Asked at every start: Chrome grants it silently once the app is installed, and never with a question.
  await station.call.persisted((await navigator.storage?.persist?.().catch(() => false)) ?? false);
}

function takeFragment(station: StationPort): void {
  const fragment = location.hash;
  if (!isEnrolmentFragment(fragment)) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  void enrol(station, fragment);
}

async function enrol(station: StationPort, fragment: string): Promise<void> {
  try {
    await station.call.enrol(readEnrolment(fragment));
  } catch (thrown) {
    const fault = thrown instanceof Fault ? thrown : new Fault('enrolment', String(thrown), 'Open the link again.');
    await station.call.notify({ code: fault.code, tone: 'error', message: fault.message, remedy: fault.remedy });
  }
}
