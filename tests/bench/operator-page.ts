/**
 * What the benchmark of the operator's screen does in its page, beside the gallery: a station with many slots that says what
 * a real one says, in time or as fast as it can be drawn. Each function goes to the page as text, so it uses nothing of
 * this file.
 */
interface Gallery {
  tell(news: unknown): void;
  headerOf(serial: string): object;
}
export interface Pace {
  readonly slots: number;
  readonly perSecond: number;
  readonly seconds: number;
}
export interface Work extends Shift {
  /** What stands in the list of the last runs. */
  readonly recent: readonly { readonly id: string }[];
}
export interface Shift {
  readonly slots: number;
  /** Of each slot, one after the other. */
  readonly runs: number;
  readonly measurements: number;
}
/** Kept in the page between calls. */
interface Told {
  gallery: Gallery;
  longestTaskMs: number;
  slowestEventMs: number;
  slowestEvent: string;
}

/** Watches from now on for tasks of 50 ms and more, which the browser reports, and for events until their next picture. */
export function watchPage(): void {
  const told = window as unknown as Told;
  told.longestTaskMs = 0;
  told.slowestEventMs = 0;
  told.slowestEvent = '';
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) told.longestTaskMs = Math.max(told.longestTaskMs, duration);
  }).observe({ type: 'longtask' });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as PerformanceEventTiming[]) {
      // What no person did has no interaction.
      if (!entry.interactionId || entry.duration <= told.slowestEventMs) continue;
      told.slowestEventMs = entry.duration;
      const { target } = entry;
      told.slowestEvent = `${entry.name} on ${target instanceof Element ? target.outerHTML.slice(0, 80) : 'nothing'}`;
    }
  }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
}

/** Measurements at an even pace, slot by slot; a unit's run has a hundred of them, then the next one begins. */
export async function keepPace({ slots, perSecond, seconds }: Pace): Promise<void> {
  const { gallery } = window as unknown as Told;
  const [TICK_MS, OF_A_RUN] = [50, 100];
  const news = (slot: number, events: unknown[]) => gallery.tell({ kind: 'run', slot: `s${slot + 1}`, events });
  const counts = Array.from({ length: slots }, () => 0);
  const begin = (slot: number) => {
    const header = {
      ...gallery.headerOf(`SN-${slot}-${counts[slot]}`),
      id: `run ${slot} ${counts[slot]}`,
      slot: `s${slot + 1}`,
    };
    news(slot, [
      { kind: 'run-started', header },
      { kind: 'phase-started', at_ms: 0, key: 'load_sweep', name: 'Load sweep', section: 'main', attempt: 0 },
    ]);
  };
  const measure = (slot: number) => {
    const count = counts[slot]!++;
    const measurement = {
      key: `m${count}`,
      name: 'Point',
      outcome: 'PASS',
      measured_value: count / 7,
      units: 'V',
      validators: [{ operator: '<=', expected_value: 9999, outcome: 'PASS', is_decisive: true }],
    };
    news(slot, [{ kind: 'measurement', at_ms: count, phase: 'load_sweep', measurement }]);
    if (counts[slot]! % OF_A_RUN > 0) return;
    news(slot, [
      { kind: 'phase-ended', at_ms: count, phase: 'load_sweep', outcome: 'PASS' },
      { kind: 'run-ended', at_ms: count, outcome: 'PASS', interrupted: false },
    ]);
    begin(slot);
  };
  for (let slot = 0; slot < slots; slot += 1) begin(slot);
  let sent = 0;
  const began = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const ms = performance.now() - began;
      for (const due = (ms / 1000) * perSecond; sent < due; sent += 1) measure(sent % slots);
      if (ms < seconds * 1000) return;
      clearInterval(timer);
      resolve();
    }, TICK_MS);
  });
}

/** The least that shows the same numbers: a line of text for each slot, written over. */
export async function keepPaceBare({ slots, perSecond, seconds }: Pace): Promise<void> {
  const TICK_MS = 50;
  const lines = Array.from({ length: slots }, () => document.body.appendChild(document.createElement('p')));
  let sent = 0;
  const began = performance.now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const ms = performance.now() - began;
      for (const due = (ms / 1000) * perSecond; sent < due; sent += 1)
        lines[sent % slots]!.textContent = `Point ${(sent / 7).toFixed(3)} V`;
      if (ms < seconds * 1000) return;
      clearInterval(timer);
      resolve();
    }, TICK_MS);
  });
}

/** Unit after unit in every slot, each drawn when it begins and when it has its verdict, with the list of the last runs. */
export async function workShift({ slots, runs, measurements, recent }: Work): Promise<void> {
  const { gallery } = window as unknown as Told;
  const drawn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const places = Array.from({ length: slots }, (_, at) => ({ key: `s${at + 1}`, name: `Slot ${at + 1}` }));
  for (let round = 0; round < runs; round += 1) {
    const serial = (at: number) => `SN-${String(round * slots + at).padStart(6, '0')}`;
    const change = (running: boolean) => ({
      running,
      nextSlot: running ? null : 's1',
      slots: places.map((place, at) => ({ ...place, running, serial: running ? serial(at) : null })),
      recent: recent.map((row, at) => ({ ...row, id: `${row.id} ${round}`, serial_number: serial(at) })),
      today: { runs: round, firstPassYield: 0.97 },
    });
    gallery.tell({ kind: 'view', change: change(true) });
    for (const [at, { key: slot }] of places.entries()) {
      const header = { ...gallery.headerOf(serial(at)), id: `run ${round} ${at}`, slot };
      gallery.tell({
        kind: 'run',
        slot,
        events: [
          { kind: 'run-started', header },
          { kind: 'phase-started', at_ms: 0, key: 'load_sweep', name: 'Load sweep', section: 'main', attempt: 0 },
        ],
      });
    }
    await drawn();
    for (const [at, { key: slot }] of places.entries()) {
      const isBad = (round + at) % 20 === 0;
      const points = Array.from({ length: measurements }, (_, point) => ({
        kind: 'measurement',
        at_ms: point,
        phase: 'load_sweep',
        measurement: {
          key: `m${point}`,
          name: `Point ${point}`,
          outcome: isBad && point === 0 ? 'FAIL' : 'PASS',
          measured_value: point / 7,
          units: 'V',
          validators: [
            { operator: '<=', expected_value: 9, outcome: isBad && point === 0 ? 'FAIL' : 'PASS', is_decisive: true },
          ],
        },
      }));
      const outcome = isBad ? 'FAIL' : 'PASS';
      gallery.tell({
        kind: 'run',
        slot,
        events: [
          ...points,
          { kind: 'phase-ended', at_ms: 99, phase: 'load_sweep', outcome },
          { kind: 'run-ended', at_ms: 100, outcome, interrupted: false },
        ],
      });
    }
    gallery.tell({ kind: 'view', change: change(false) });
    await drawn();
  }
}
