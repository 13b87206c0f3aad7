/**
 * The bench that belongs to the selected procedure: built when the procedure changes, never during a run.
 *
 * Joins procedure, hardware and view. Knows nothing of runs.
 */
import { systemClock } from '#base/clock.ts';
import { messageOf } from '#base/fault.ts';
import type { ProcedureView, Word } from '#engine/link/station-link.ts';
import { planOf } from '#engine/plan-of.ts';
import { createBench } from '#hardware/bench/create-bench.ts';
import type { PlugStatus, VisitableBench } from '#hardware/bench/bench.ts';
import type { BenchPlug } from '#hardware/bench/plug.ts';
import { PortsApart } from '#hardware/bench/ports-apart.ts';
import { serialPorts } from '#hardware/transport/serial/serial-ports.ts';
import { usbDevices } from '#hardware/transport/usb/usb-devices.ts';
import { parseBench, type SimulatedBench } from '#hardware/transport/simulated/simulated-bench.ts';
import { readLabelFiles, type LabelFiles } from '#procedure/label/label-files.ts';
import type { Procedure } from '#procedure/procedure.ts';
import { benchPlugs, sharedPower, startsTogether } from '#procedure/slots.ts';
import type { Store } from '#storage/store/store.ts';
import { CHOSEN_DEVICES, choiceOf, type ChosenDevices } from './chosen-devices.ts';
import type { Procedures, Selected } from './procedures.ts';
import { hostSystem } from './host-system.ts';
import { readScreenFile } from './screen-files.ts';
import { layOutScripts, scriptHost, type Scripts } from './scripts.ts';
import type { Setup } from './setup.ts';
import { labelWord, NO_PROCEDURE, screenFileWord, scriptWord, unreadable } from './setup-words.ts';
import type { View } from './view.ts';

const NO_LABELS: LabelFiles = { texts: new Map(), problems: [] };

export class Fixture {
  readonly #view: View;
  readonly #procedures: Procedures;
  readonly #store: Store;
  readonly #onSlots: () => void;
  /** The bench has what nothing else of the station holds apart. */
  readonly ports = new PortsApart(
    serialPorts(navigator.serial, hostSystem(navigator)),
    usbDevices(navigator.usb, hostSystem(navigator)),
  );
  #bench: VisitableBench | undefined;
  /** While there is no procedure: devices can be spoken to all the same. */
  #bareBench: VisitableBench | undefined;
  #simulatedBench: SimulatedBench | null = null;
  #selected: Selected | null = null;
  #simulated = false;
  #chosen: ChosenDevices = {};
  #scripts: Scripts = new Map();
  /** Hashes of what the procedure's screens show, by path. */
  #screenFiles: ReadonlyMap<string, string> = new Map();
  #labels: LabelFiles = NO_LABELS;
  /** What the bench was built from; the same again needs no new one. */
  #builtFor = '';

  /** @param onSlots called when the slots, or what is ready in them, may have changed */
  constructor(view: View, procedures: Procedures, store: Store, onSlots: () => void) {
    this.#view = view;
    this.#procedures = procedures;
    this.#store = store;
    this.#onSlots = onSlots;
  }

  /** null while no procedure is selected that can be used. */
  get bench(): VisitableBench | null {
    return this.#bench ?? null;
  }

  /** With or without a procedure: for devices that are no plugs. */
  anyBench(): VisitableBench {
    return this.#bench ?? (this.#bareBench ??= this.#create([]));
  }

  /** null while none is selected that can be read. */
  get procedure(): Procedure | null {
    return this.#selected?.parsed.procedure ?? null;
  }

  refresh(): void {
    this.#bench?.refresh();
    this.ports.refresh();
  }

  /** The bench hands its safe state to the wire before its first wait, so it goes out even from a page that ends. */
  leave(): void {
    void this.#bench?.close();
    void this.#bareBench?.close();
  }

  /** Ends every wire before it returns. @returns the plugs that did not confirm their safe state since; null without a bench */
  cutOff(): Promise<readonly PlugStatus[]> | null {
    return (this.#bench ?? this.#bareBench)?.cutOff() ?? null;
  }

  /** Whether the procedure says how anything is switched off. */
  get hasSafeState(): boolean {
    return this.#selected?.parsed.procedure?.plugs.some(({ safeState }) => safeState.length > 0) === true;
  }

  /** Shows what is offered. @returns whether another procedure or bench than the present one is wanted */
  async isStale(): Promise<boolean> {
    this.#view.change({ procedures: this.#procedures.choices });
    const selected = await this.#procedures.selected();
    return nameOf(selected, await this.#isSimulated(selected), await this.#chosenDevices()) !== this.#builtFor;
  }

  /** Takes over the selected procedure and its bench. Called between runs only. */
  async apply(): Promise<void> {
    const selected = await this.#procedures.selected();
    const simulated = await this.#isSimulated(selected);
    this.#view.change({ procedures: this.#procedures.choices, simulated, procedure: await this.#describe(selected) });
    const chosen = await this.#chosenDevices();
    const builtFor = nameOf(selected, simulated, chosen);
    this.#screenFiles = selected ? await this.#procedures.screenFiles(selected.offered) : new Map<string, string>();
    const printing = selected?.parsed.procedure;
    this.#labels = printing ? await readLabelFiles(printing, (path) => this.screenFile(path)) : NO_LABELS;
    if (builtFor === this.#builtFor) return;
    this.#builtFor = builtFor;
    this.#selected = selected;
    this.#simulated = simulated;
    this.#chosen = chosen;
    await Promise.all([this.#bench?.close(), this.#bareBench?.close()]);
    this.#bench = this.#bareBench = undefined;
    this.#scripts = await this.#layOut(selected);
    this.#build(selected?.parsed.procedure ?? null);
    this.#onSlots();
  }

  /**
   * Another bench has the wires meanwhile; the station's own is made safe and closed before, and built anew after. Between
   * runs only.
   */
  async lend<T>(wanted: readonly BenchPlug[], work: (bench: VisitableBench) => Promise<T>): Promise<T> {
    await Promise.all([this.#bench?.close(), this.#bareBench?.close()]);
    this.#bench = this.#bareBench = undefined;
    try {
      return await work(
        this.#create(
          wanted.map((plug) => ({ ...plug, ...choiceOf(this.#chosen, plug) })),
          false,
        ),
      );
    } finally {
      this.#builtFor = '';
      await this.apply();
    }
  }

  setup(): Setup | Word {
    const procedure = this.#selected?.parsed.procedure;
    if (!this.#selected) return NO_PROCEDURE;
    if (!procedure || !this.#bench) return unreadable(this.#selected);
    const [obstacle] = procedure.obstacles;
    if (obstacle)
      return {
        code: obstacle.code,
        message: `${this.#selected.offered.name} cannot run here: ${obstacle.message}`,
        remedy: 'Change the procedure, or choose another one.',
      };
    const mistake = scriptWord(this.#selected, procedure);
    if (mistake) return mistake;
    const missing = screenFileWord(this.#selected, procedure, this.#screenFiles);
    if (missing) return missing;
    const slip = labelWord(this.#selected, this.#labels);
    if (slip) return slip;
    const { release, development } = this.#selected.offered;
    const scripts = this.#scripts;
    const configuration = this.#procedures.configuration.hash;
    return {
      ...(scripts.size > 0 ? { scripts: () => scriptHost(release, scripts) } : {}),
      ...(this.#labels.texts.size > 0 ? { labels: this.#labels.texts } : {}),
      procedure,
      release,
      development,
      ...(configuration ? { configuration } : {}),
      simulated: this.#bench.plugs.some((plug) => plug.simulated),
      bench: this.#bench,
      place: (serial, slot) => this.#simulatedBench?.setUnit(serial, slot),
    };
  }

  /** What a screen shows; null when there is none of that name. */
  async screenFile(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const hash = this.#screenFiles.get(path);
    return hash === undefined ? null : readScreenFile(hash);
  }

  async #layOut(selected: Selected | null): Promise<Scripts> {
    const compiled = selected?.parsed.scripts ?? [];
    const scripts = new Map(compiled.flatMap(([path, one]) => ('script' in one ? [[path, one.script] as const] : [])));
    // Where they cannot be laid out the server is asked; where that cannot be reached either, the phase says so.
    await layOutScripts(selected?.offered.release ?? '', scripts).catch(() => {});
    return scripts;
  }

  #build(procedure: Procedure | null): void {
    this.#view.dismiss('bench-unreadable');
    if (!procedure) return this.#view.change({ plugs: [] });
    try {
      this.#simulatedBench = this.#selected?.bench ? parseBench(this.#selected.bench) : null;
    } catch (thrown) {
      this.#simulatedBench = null;
      this.#view.notice({
        code: 'bench-unreadable',
        tone: 'warning',
        message: messageOf(thrown),
        remedy: 'Correct bench.yaml beside the procedure.',
      });
    }
    const plugs = benchPlugs(procedure).map((plug) => ({ ...plug, ...choiceOf(this.#chosen, plug) }));
    const bench = this.#create(plugs);
    this.#bench = bench;
    bench.onChange((plugs) => {
      if (this.#bench !== bench) return;
      this.#view.change({ plugs });
      this.#onSlots();
    });
    this.#view.change({ plugs: bench.plugs });
  }

  #create(plugs: readonly BenchPlug[], simulated = this.#simulated): VisitableBench {
    return createBench({
      plugs,
      ports: this.ports.ports,
      usb: this.ports.usb,
      simulatedBench: this.#simulatedBench,
      simulated,
      clock: systemClock,
    });
  }

  async #chosenDevices(): Promise<ChosenDevices> {
    return (await this.#store.get<ChosenDevices>(CHOSEN_DEVICES)) ?? {};
  }

  /**
   * A real fixture is never simulated unasked. Asked means: this station's own setting, the fleet's, or a try-out
   * station (nothing it does reaches TofuPilot) whose procedure brings a simulated bench.
   */
  async #isSimulated(selected: Selected | null): Promise<boolean> {
    const { settings, tryout, configuration } = this.#procedures;
    const isLocked = configuration.locked.includes('simulated');
    const own = isLocked ? settings.simulated : await this.#store.get<boolean>('simulated');
    return own ?? (settings.simulated || (tryout !== undefined && selected?.bench != null));
  }

  async #describe(selected: Selected | null): Promise<ProcedureView | null> {
    const procedure = selected?.parsed.procedure;
    const choice = this.#procedures.choices.find(({ release }) => release === selected?.offered.release);
    if (!selected || !choice) return null;
    return {
      ...choice,
      serialPlaceholder: procedure?.unit.serial_number.placeholder ?? '',
      plan: procedure ? planOf(procedure) : [],
      usualMs: procedure ? await this.#store.usualMs(procedure.id) : 0,
      startsTogether: procedure ? startsTogether(procedure) : false,
      sharedPower: procedure ? sharedPower(procedure) : [],
    };
  }
}

function nameOf(selected: Selected | null, simulated: boolean, chosen: ChosenDevices): string {
  // Other values of its parameters make another procedure of it.
  const configured = selected?.parsed.configured ?? '';
  return `${selected?.offered.release ?? ''} ${simulated} ${JSON.stringify(chosen)} ${configured}`;
}
