/**
 * What page and bench worker say to each other: the whole list, typed.
 *
 * The page asks (`StationCommands`), the worker answers and tells (`StationNews`). Plain data only: everything here
 * crosses a MessagePort. Knows nothing of how either side does its part.
 */
import type { ConfigurationCommands, ConfigurationSummary } from '#engine/link/configuration-link.ts';
import type { ExportCommands } from '#engine/link/export-link.ts';
import type { FactsCommands } from '#engine/link/facts-link.ts';
import type { FixtureCommands, WireLogView } from '#engine/link/fixture-link.ts';
import type { FolderCommands, FolderView } from '#engine/link/folder-link.ts';
import type { HealthCommands } from '#engine/link/health-link.ts';
import type { AskView, FailedUnit, PeopleCommands, PeopleView, ScanTaken } from '#engine/link/people-link.ts';
import type { PromptCommands, PromptView } from '#engine/link/prompt-link.ts';
import type { ReleaseCommands, ReleasesView } from '#engine/link/release-link.ts';
import type { ScannerCommands, ScannerView } from '#engine/link/scanner-link.ts';
import type { TransferCommands, TransferFile } from '#engine/link/transfer-link.ts';
import type { WorkshopCommands, WorkshopNews } from '#engine/link/workshop-link.ts';
import type { PlugStatus } from '#hardware/bench/bench.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { PhasePlan, RunRecord } from '#record/run-record.ts';
import type { RunRow } from '#record/run-row.ts';

/** Something that a person should know or do; shown as one sentence, its remedy, and one button. */
export interface Word {
  /** Stable, for documentation and tests: `serial-pattern`, `fixture-missing`, `second-tab` … */
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export interface Notice extends Word {
  readonly tone: 'info' | 'warning' | 'error';
}

export interface ProcedureChoice {
  /** Folder name in the fleet; what enrolment and the picker name. */
  readonly folder: string;
  /** UUID in TofuPilot. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly development: boolean;
  /** Hash of the release. */
  readonly release: string;
  /** False until every file of it is on this station's disk. */
  readonly onDisk: boolean;
}

export interface ProcedureView extends ProcedureChoice {
  readonly serialPlaceholder: string;
  readonly plan: readonly PhasePlan[];
  /** Median duration of its recent passing runs on this station, ms; 0 when unknown. */
  readonly usualMs: number;
  /** Units wait in their slots until all are there, or a person starts those that are. */
  readonly startsTogether: boolean;
  /** Names of the plugs that all slots share and that a safe state switches off: live as long as one slot is testing. */
  readonly sharedPower: readonly string[];
}

/** A place for a unit. */
export interface SlotView {
  /** `1` where the procedure states no slots. */
  readonly key: string;
  /** Empty where it states none. */
  readonly name: string;
  /** From the moment in which its unit is taken until the run is sealed. */
  readonly running: boolean;
  /** Of the unit that is under test or, when nothing runs, waits for the others; null when there is none. */
  readonly serial: string | null;
}

export interface QueueSummary {
  readonly waiting: number;
  readonly parked: number;
  readonly uploadedToday: number;
  /** Why nothing is sent at all, e.g. the key was refused; null when the queue is open. */
  readonly hold: Word | null;
}

/** This machine's clock against the server's. */
export interface ClockView {
  /** Server's minus this machine's, ms. */
  readonly offsetMs: number;
  /** How fast that grows; null while it is too little to be told. */
  readonly driftMsPerDay: number | null;
}

export interface StationView {
  /**
   * starting: the store is being opened. unenrolled: no station name and key yet. standby: another tab is the
   * station. failed: the store cannot be used (see notices). ready: everything below holds.
   */
  readonly status: 'starting' | 'unenrolled' | 'standby' | 'ready' | 'failed';
  readonly station: string;
  /** The embedded sandbox is behind the relay; nothing reaches TofuPilot. */
  readonly tryout: boolean;
  /** Simulated instruments instead of wires; recorded with every run. */
  readonly simulated: boolean;
  readonly connection: 'online' | 'offline' | 'refused';
  readonly procedures: readonly ProcedureChoice[];
  readonly procedure: ProcedureView | null;
  readonly plugs: readonly PlugStatus[];
  /** Barcode scanners on serial ports. */
  readonly scanners: readonly ScannerView[];
  readonly queue: QueueSummary;
  /** The last runs, newest first, at most twelve. */
  readonly recent: readonly RunRow[];
  readonly today: { readonly runs: number; readonly firstPassYield: number };
  readonly refusal: Word | null;
  readonly notices: readonly Notice[];
  /** Whether any slot is. */
  readonly running: boolean;
  /** At least one. */
  readonly slots: readonly SlotView[];
  /** Key of the slot that the next scan is for; null while none is free. */
  readonly nextSlot: string | null;
  /** Screens of the runs under way, in the order in which they were opened. */
  readonly prompts: readonly PromptView[];
  /** Whether the browser promised to keep this station's data; null before it was asked. */
  readonly persisted: boolean | null;
  /** Why files wait while runs go, in words; null when they do not. */
  readonly filesWait: string | null;
  /** The folder that a person picked for copies; null when none was. */
  readonly folder: FolderView | null;
  readonly people: PeopleView;
  /** Units that did not pass and that nobody has acknowledged, newest first: no other one is tested. Absent: none. */
  readonly failed?: readonly FailedUnit[];
  /** What must be known of the unit before it is tested; null when nothing is asked. */
  readonly asking: AskView | null;
  /** null before the server's clock was ever heard. */
  readonly clock: ClockView | null;
  /** Absent while this station knows of no signed release. */
  readonly releases?: ReleasesView;
  /** Absent until what is on disk has been read. */
  readonly configuration?: ConfigurationSummary;
  /** Why no run begins at this station, whatever is scanned; null or absent: nothing stands against it. */
  readonly standstill?: Word | null;
  /** A procedure that is being written is tried out: no unit is tested meanwhile. Absent: it is not. */
  readonly workshop?: boolean;
}

export interface Enrolment {
  readonly station: string;
  readonly key: string;
  readonly procedure?: string;
  readonly pin?: string;
}

/** What a tablet runs on and sends over, as far as its browser says; null where it does not. */
export interface Supply {
  /** From 0 to 1. */
  readonly batteryLevel: number | null;
  readonly isDischarging: boolean;
  /** The person has asked the browser to save data. */
  readonly savesData: boolean;
  /** `wifi`, `cellular` … */
  readonly connectionType: string | null;
}

/** What a person corrects of a parked run. */
export interface CorrectionWish {
  readonly serialNumber: string;
  /** UUID in TofuPilot. */
  readonly procedureId: string;
  /** Who does it: kept with the run, and sent. */
  readonly by: string;
}

/** Asked by the page; each call is answered once, or fails with a Fault's code, message and remedy. */
export interface StationCommands
  extends
    TransferCommands,
    ExportCommands,
    FolderCommands,
    PeopleCommands,
    PromptCommands,
    FixtureCommands,
    FactsCommands,
    ReleaseCommands,
    ConfigurationCommands,
    HealthCommands,
    ScannerCommands,
    WorkshopCommands {
  enrol(enrolment: Enrolment): void;
  /**
   * Something was scanned or typed: a badge, an answer, or a unit for the next slot. A refusal appears in the view, never
   * as an error.
   * @returns of a unit when its run is over, or it waits for others
   */
  start(scan: string): ScanTaken;
  /** The units that wait are started, although some slots are empty. */
  startWaiting(): void;
  /** The next scan is for this slot. */
  aimAt(slot: string): void;
  /** Ends the run in this slot, or takes the unit out that waits in it; of all slots without a key. */
  stop(slot?: string): void;
  /** Every wire is cut when this is answered, with or without a run; what came of it is told as a notice. */
  emergencyStop(): void;
  selectProcedure(folder: string): void;
  setSimulated(simulated: boolean): void;
  /** The person picked a port in the browser's chooser; the worker lists the ports anew. */
  devicesChanged(): void;
  /** Something happened that makes an upload worth trying: `online`, focus, a message from the service worker. */
  wake(): void;
  dismiss(code: string): void;
  /** Something that the page alone found out and a person should know. */
  notify(notice: Notice): void;
  history(query: { readonly beforeSeq?: number; readonly limit: number; readonly search?: string }): readonly RunRow[];
  run(id: string): { readonly row: RunRow; readonly record: RunRecord } | null;
  /** A file that went with a run, by its name. Fails with a Fault: `nothing`, or who may. */
  file(run: string, name: string): Pick<TransferFile, 'name' | 'bytes'>;
  /** A wire log among them, as lines. Fails with a Fault: `nothing`, `not-a-wire-log`, or who may. */
  wireLog(run: string, name: string): WireLogView;
  queue(limit: number): readonly RunRow[];
  /** Puts a parked run back into the queue; all of them without an id. */
  retry(id?: string): void;
  /** Corrects a parked run and sends it again; fails with a Fault that says why it cannot be. */
  correct(id: string, wish: CorrectionWish): void;
  /** The browser's answer to `navigator.storage.persist()`, which only a page may ask. */
  persisted(granted: boolean): void;
  /** Only a page can see these; told at start and at each change. */
  supply(supply: Supply): void;
  /** Files go now, whatever they cost, until the supply is good and bad again. */
  sendFilesNow(): void;
  /** The page is going away: the fixture gets its safe state now, while there is still a wire. */
  leave(): void;
  /** @returns true when this tab is free: no run is under way, and no other tab is the station */
  idle(): boolean;
  /** @returns true when idle; from then on no run is started until the page has reloaded */
  prepareReload(): boolean;
}

/** Told by the worker without being asked. */
export type StationNews =
  | { readonly kind: 'view'; readonly change: Partial<StationView> }
  /** In order for each slot, each already on disk; a `run-started` opens a new run in its slot. */
  | { readonly kind: 'run'; readonly slot: string; readonly events: readonly RunEvent[] }
  /** Of a run that is nobody's: in no other news, and in no view. */
  | { readonly kind: 'workshop'; readonly said: WorkshopNews }
  /** A barcode scanner of the station has read a code: it goes where one that is typed would go. */
  | { readonly kind: 'scanned'; readonly text: string }
  /** A run is on disk, sealed: a good moment to register Background Sync. */
  | { readonly kind: 'sealed'; readonly id: string };
