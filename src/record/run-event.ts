/**
 * What happens in a run, as an append-only list; and how the list becomes the record.
 *
 * The engine emits these, the journal keeps them, the page shows them, and after a crash they are all there is.
 * `applyEvent` is the only way from events to a record, so live view, store and recovery cannot disagree.
 */
import type {
  FileRecord,
  LogRecord,
  MeasurementRecord,
  PhaseOutcome,
  PhaseRecord,
  RunHeader,
  RunOutcome,
  RunRecord,
  Section,
} from '#record/run-record.ts';

export type RunEvent =
  | { readonly kind: 'run-started'; readonly header: RunHeader }
  | {
      readonly kind: 'phase-started';
      readonly at_ms: number;
      readonly key: string;
      readonly name: string;
      readonly section: Section;
      readonly attempt: number;
    }
  | {
      readonly kind: 'measurement';
      readonly at_ms: number;
      readonly phase: string;
      readonly measurement: MeasurementRecord;
    }
  /** Its bytes are on disk already, or were shown to nobody. Without a phase it is the run's own. */
  | { readonly kind: 'attachment'; readonly at_ms: number; readonly phase?: string; readonly file: FileRecord }
  /** A person said who the unit is, or what it is made of, while the run was under way. */
  | { readonly kind: 'unit-field'; readonly at_ms: number; readonly field: string; readonly value: string }
  | { readonly kind: 'log'; readonly log: LogRecord }
  | {
      readonly kind: 'phase-ended';
      readonly at_ms: number;
      readonly phase: string;
      readonly outcome: PhaseOutcome;
      readonly reason?: string;
      readonly timed_out?: boolean;
    }
  | {
      readonly kind: 'phase-skipped';
      readonly at_ms: number;
      readonly key: string;
      readonly name: string;
      readonly section: Section;
      readonly reason: string;
    }
  | {
      readonly kind: 'run-ended';
      readonly at_ms: number;
      readonly outcome: RunOutcome;
      readonly reason?: string;
      readonly interrupted: boolean;
    };

/** The record of a run that has just begun. */
export function recordOf(header: RunHeader): RunRecord {
  return { ...header, outcome: null, ended_ms: null, interrupted: false, phases: [], logs: [] };
}

/** Adds one event to the record, in place. An event for a phase that is not open is ignored: it has nowhere to go. */
export function applyEvent(record: RunRecord, event: RunEvent): void {
  switch (event.kind) {
    case 'run-started':
      return;
    case 'phase-started':
      record.phases.push(openPhase(event.key, event.name, event.section, event.attempt, event.at_ms));
      return;
    case 'measurement':
      openPhaseOf(record, event.phase)?.measurements.push(event.measurement);
      return;
    case 'attachment': {
      const owner = event.phase === undefined ? record : openPhaseOf(record, event.phase);
      if (owner) (owner.files ??= []).push(event.file);
      return;
    }
    case 'unit-field':
      return fillUnit(record, event.field, event.value);
    case 'log':
      record.logs.push(event.log);
      return;
    case 'phase-ended': {
      const phase = openPhaseOf(record, event.phase);
      if (!phase) return;
      phase.ended_ms = event.at_ms;
      phase.outcome = event.outcome;
      if (event.reason !== undefined) phase.reason = event.reason;
      if (event.timed_out) phase.timed_out = true;
      return;
    }
    case 'phase-skipped': {
      const phase = openPhase(event.key, event.name, event.section, 0, event.at_ms);
      phase.ended_ms = event.at_ms;
      phase.outcome = 'SKIP';
      phase.reason = event.reason;
      record.phases.push(phase);
      return;
    }
    case 'run-ended':
      record.ended_ms = event.at_ms;
      record.outcome = event.outcome;
      record.interrupted = event.interrupted;
      if (event.reason !== undefined) record.reason = event.reason;
  }
}

/** `serial_number` …, `sub_units.<key>`, `metadata.<key>`; anything else has nowhere to go. */
function fillUnit(record: RunRecord, field: string, value: string): void {
  const [room, key] = [field.slice(0, field.indexOf('.')), field.slice(field.indexOf('.') + 1)];
  if (room === 'sub_units') record.sub_units = { ...record.sub_units, [key]: value };
  else if (room === 'metadata') record.unit_metadata = { ...record.unit_metadata, [key]: value };
  else if (field === 'serial_number' || field === 'part_number') record[field] = value;
  else if (field === 'revision_number' || field === 'batch_number') record[field] = value;
}

function openPhase(key: string, name: string, section: Section, attempt: number, atMs: number): PhaseRecord {
  return {
    key,
    name,
    section,
    retry_count: attempt,
    started_ms: atMs,
    ended_ms: null,
    outcome: null,
    measurements: [],
  };
}

function openPhaseOf(record: RunRecord, key: string): PhaseRecord | undefined {
  return record.phases.findLast((phase) => phase.key === key && phase.ended_ms === null);
}
