/**
 * The written test after parsing: every default filled in, every reference checked, every duration in milliseconds.
 *
 * Plain data: it is stored with the release, sent between workers and hashed into every run. Made by parse.ts; run by
 * the engine. Knows nothing of YAML (parse.ts) and nothing of execution.
 */
import type { Aggregation } from '#measure/aggregation-outcome.ts';
import type { Validator } from '#measure/validator.ts';
import type { Scalar } from '#measure/scalar.ts';
import type { ConsoleConfig, ModbusMap } from '#procedure/device-config.ts';
import type { Resource } from '#procedure/resource.ts';
import type { LabelLanguage } from '#procedure/label/label-text.ts';
import type { LocalText } from '#procedure/local-text.ts';
import type { Screen } from '#procedure/screen.ts';
import type { Section } from '#procedure/section.ts';
import type { Step } from '#procedure/step.ts';
import type { WhenTree } from '#procedure/when/when-tree.ts';

export type { Step };

export interface Procedure {
  /** UUID in TofuPilot; empty when the file has none, and then no run can be delivered. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly description: LocalText;
  readonly onFirstFailure: 'stop' | 'continue';
  /** Sections whose independent phases run side by side; absent: none. */
  readonly parallel?: readonly Section[];
  /** For setup and main together; absent: as long as it takes. */
  readonly timeoutMs?: number;
  /** What the teardown phases without a time-out of their own share; absent: 30 s. */
  readonly teardownTimeoutMs?: number;
  /** TofuPilot's word on how units and phases share a machine; absent: not stated. */
  readonly strategy?: 'phase_first' | 'slot_first';
  readonly workers?: number;
  /** Places for units side by side; absent: one, without a name. */
  readonly slots?: readonly Slot[];
  readonly unit: UnitFields;
  readonly plugs: readonly Plug[];
  readonly phases: readonly Phase[];
  readonly parameters: Readonly<Record<string, { readonly value: Scalar | readonly Scalar[]; readonly tier: string }>>;
  /** Whether it can run in this version; when not, what is in the way (phase by name, and its replacement). */
  readonly obstacles: readonly Problem[];
}

export interface Problem {
  readonly severity: 'error' | 'warning';
  /** Closed list in problem.ts. */
  readonly code: string;
  readonly message: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** Of an old spelling: what stands there, and what is written now (migrate.ts). */
  readonly spelling?: { readonly old: string; readonly now: string };
}

export interface Slot {
  readonly key: string;
  readonly name: string;
  /** What its own parameters make of the procedure (slots.ts puts it together); absent: it states none. */
  readonly own?: SlotOwn;
}

export type SlotOwn = Pick<Procedure, 'unit' | 'plugs' | 'phases' | 'parameters'>;

export interface UnitField {
  readonly defaultValue?: string;
  readonly placeholder?: string;
  readonly description?: LocalText;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Unanchored, in the subset that Rust and JavaScript share. */
  readonly pattern?: string;
}

export interface UnitFields {
  readonly serial_number: UnitField;
  readonly part_number: UnitField;
  readonly revision_number: UnitField;
  readonly batch_number: UnitField;
  /** Numbers that the procedure states without a default: asked for where the scan does not say them. */
  readonly asked?: readonly ('part_number' | 'revision_number' | 'batch_number')[];
  /** Fields that a screen fills during the run, so that nobody asks for them before it. */
  readonly onScreens?: readonly string[];
  /** The first rule that matches a scan fills the fields. */
  readonly scan?: readonly ScanRule[];
  /** A unit that was tested today is tested again only with a reason. */
  readonly retestReason?: true;
  /** Nobody scans: every number has a default. */
  readonly autoIdentify?: true;
  readonly subUnits?: readonly SubUnit[];
  /** Asked for by key; always optional. */
  readonly metadata?: Readonly<Record<string, UnitField>>;
}

export type ScanRule =
  /** With named groups: `serial_number`, `part_number` … */
  | { readonly pattern: string }
  /** From a GS1 application identifier (`01`, `21` …) to the field that its value fills. */
  | { readonly gs1: Readonly<Record<string, string>> };

export interface SubUnit {
  readonly key: string;
  readonly label: LocalText;
  readonly serialNumber: UnitField;
}

export interface Plug {
  readonly key: string;
  readonly name: string;
  /** `scpi`, `scpi-dmm` …: a driver's name, see hardware/instrument. */
  readonly driver: string;
  /** Absent: the plug exists only on a simulated bench. */
  readonly resource?: Resource;
  /** Commands that leave the fixture without power; those of the driver where the procedure states none. */
  readonly safeState: readonly string[];
  /** Driver `modbus`: what its registers stand for. */
  readonly modbus?: ModbusMap;
  /** Driver `console`. */
  readonly console?: ConsoleConfig;
  /** Driver `label-printer`; absent: ZPL. */
  readonly language?: LabelLanguage;
  /** Stated: one device that all slots share; absent: each slot has one of its own. */
  readonly scope?: 'execution' | 'station';
  /** Stated: nothing is measured with it, so no run asks until when it is calibrated. */
  readonly calibration?: 'none';
  readonly description?: LocalText;
  /** TofuPilot's class and what it is made with; it cannot run here. */
  readonly python?: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface Phase {
  readonly key: string;
  readonly name: string;
  readonly section: Section;
  readonly description: LocalText;
  /** Only setup and teardown: once for all slots; absent: once a slot. */
  readonly scope?: 'execution';
  /** It is skipped when this does not hold. */
  readonly when?: Condition;
  /** A module of the procedure's folder that is run instead of steps. */
  readonly script?: string;
  readonly ui?: Screen;
  /** TofuPilot's own bodies, which cannot run in a browser. */
  readonly python?: string;
  readonly executable?: { readonly command: string; readonly shell?: string; readonly workingDirectory?: string };
  readonly timeoutMs?: number;
  readonly retry: { readonly limit: number; readonly delayMs: number };
  /** The format's `then`: what follows an outcome. */
  readonly next: Readonly<Partial<Record<'pass' | 'fail' | 'error' | 'timeout', 'continue' | 'stop' | 'retry'>>>;
  /** Why it is never run, e.g. `enabled: false`; it is recorded as SKIP with this reason. */
  readonly skip?: string;
  /** Keys of phases that must have passed, or been switched off, before this one begins. */
  readonly dependsOn?: readonly string[];
  readonly steps: readonly Step[];
  readonly measurements: readonly Measurement[];
  /** Line of the phase in its file, for logs. */
  readonly line: number;
}

export interface Condition {
  /** As written, for the reason of a skip. */
  readonly text: string;
  readonly tree: WhenTree;
}

export interface Measurement {
  readonly key: string;
  readonly name: string;
  readonly unit?: string;
  /** Of its chart. */
  readonly title?: LocalText;
  readonly description?: LocalText;
  readonly validators: readonly Validator[];
  /** A pass that misses this is close to its limit. */
  readonly marginal?: Validator;
  /** Of a single value: over everything that one attempt recorded under this name. */
  readonly aggregations?: readonly Aggregation[];
  /** Multi-point measurements only; its points may stand in the procedure. */
  readonly xAxis?: Axis;
  /** One or more make this a multi-point measurement. */
  readonly yAxis?: readonly Axis[];
}

export interface Axis {
  readonly key: string;
  readonly legend: string;
  readonly unit?: string;
  readonly description?: string;
  /** Points that the procedure itself states. */
  readonly data?: readonly number[];
  /** Points at equal distances, for as many as y has. */
  readonly spaced?: { readonly start: number; readonly step: number };
  readonly validators: readonly Validator[];
  /** A pass that misses this is close to its limit. */
  readonly marginal?: Validator;
  readonly aggregations: readonly Aggregation[];
}
