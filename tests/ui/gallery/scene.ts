/** What a scene of the gallery is made of: what the station says and answers, and what a person does first. Types only. */
import type { Page } from '@playwright/test';
import type { ConfigurationView } from '#engine/link/configuration-link.ts';
import type { ExportedAs } from '#engine/link/export-link.ts';
import type { ScanTaken } from '#engine/link/people-link.ts';
import type { DeviceNames, PlugCalibration, Visited } from '#engine/link/fixture-link.ts';
import type { StationView, Word } from '#engine/link/station-link.ts';
import type { WorkshopDraft } from '#engine/link/workshop-link.ts';
import type { OpenedFolder } from '#engine/link/folder-link.ts';
import type { ExportedFile, OpenedFile, TransferState } from '#engine/link/transfer-link.ts';
import type { StationsReport } from '#fleet/health/stations-report.ts';
import type { HostSystem } from '#hardware/transport/host-system.ts';
import type { Complaint } from '#procedure/answer.ts';
import type { RunEvent } from '#record/run-event.ts';
import type { RunRecord } from '#record/run-record.ts';
import type { RunRow } from '#record/run-row.ts';
import type { GrantedDevice } from '#ui/station-port.ts';

export interface Scene {
  readonly path: string;
  readonly view: StationView;
  readonly events?: readonly RunEvent[];
  /** Of slots, by key. */
  readonly slotEvents?: Readonly<Record<string, readonly RunEvent[]>>;
  readonly history?: readonly RunRow[];
  /** What the station goes by; absent: only what is built in. */
  readonly configuration?: ConfigurationView;
  /** Whole runs that the station has kept, for the analysis; dates hang on the day on which it is looked at. */
  readonly kept?: (nowMs: number) => readonly RunRecord[];
  /** More than every page should make. */
  readonly manyHistory?: () => readonly RunRow[];
  readonly queue?: readonly RunRow[];
  readonly transfers?: TransferState;
  /** What comes of a file that is opened. */
  readonly opened?: OpenedFile;
  /** The file that is made of what waits. */
  readonly outgoing?: ExportedFile;
  /** What comes of a folder whose files are opened. */
  readonly openedFolder?: OpenedFolder;
  /** Which sample run `call.run` answers with; absent: none. */
  readonly run?: string;
  /** Every question fails. */
  readonly isBroken?: boolean;
  /** What a person does before the scene is looked at. */
  readonly act?: (page: Page) => Promise<void>;
  /** Why the station takes no correction. */
  readonly refusesCorrection?: Word;
  /** What comes of a scan; absent: it is under way for ever. */
  readonly onStart?: { readonly taken: ScanTaken; readonly change?: Partial<StationView> };
  /** Why a PIN is not taken. */
  readonly refusesPin?: Word;
  /** Why a person cannot be kept. */
  readonly refusesPerson?: Word;
  /** What comes of an export for other programs. */
  readonly exported?: ExportedAs;
  /** The row that `call.run` answers with, where it is not a delivered one. */
  readonly runRow?: RunRow;
  /** What `call.run` answers with, by id, in the place of a sample run. */
  readonly record?: (id: string) => RunRecord;
  /** What the station finds wrong with an answer. */
  readonly complaints?: readonly Complaint[];
  /** What the browser lets the app use. */
  readonly devices?: readonly Omit<GrantedDevice, 'forget'>[];
  /** What comes of asking one of them who it is; absent: it is being asked for ever. */
  readonly visited?: Visited;
  /** Of the plugs of the bench. */
  readonly calibrations?: readonly PlugCalibration[];
  /** Why a calibration date is not taken. */
  readonly refusesCalibration?: Word;
  /** Why another release is not used. */
  readonly refusesRelease?: Word;
  /** On which the station is; absent: Linux. */
  readonly system?: HostSystem;
  /** What people call devices. */
  readonly deviceNames?: DeviceNames;
  /** Why a name is not taken. */
  readonly refusesName?: Word;
  /** USB id of what a person picks in the browser's chooser; absent: nothing. */
  readonly chosen?: string;
  /** What the server tells of stations, look by look, the last one for ever; null: it cannot be reached. Absent: it never answers. */
  readonly stations?: readonly (StationsReport | null)[];
  /** What was being written when the page was loaded last. */
  readonly draft?: WorkshopDraft;
  /** The browser would install the app. */
  readonly offersInstall?: true;
  /** Names of files that were opened with the installed app. */
  readonly launched?: readonly string[];
  /** Something in it moves by itself, as a camera's picture: it has no picture that could be kept. */
  readonly isMoving?: true;
  /** No question is ever answered. */
  readonly isSilent?: boolean;
}
