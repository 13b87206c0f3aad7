/**
 * A run's events as lines for people at a terminal.
 *
 * Above: run.ts. Knows nothing of where the lines go.
 */
import type { RunEvent } from '#record/run-event.ts';
import type { MeasurementRecord } from '#record/run-record.ts';

/** @returns null for an event that says nothing new to a person */
export function runLine(event: RunEvent): string | null {
  switch (event.kind) {
    case 'run-started':
      return (
        `${event.header.procedure.name} ${event.header.procedure.version ?? ''}`.trim() +
        `, ${event.header.serial_number}`
      );
    case 'phase-started':
      return `${event.name}${event.attempt > 0 ? ` (attempt ${event.attempt + 1})` : ''}`;
    case 'measurement':
      return `  ${measurementLine(event.measurement)}`;
    case 'attachment':
      return `  file  ${event.file.name}, ${event.file.size} bytes`;
    case 'unit-field':
      return `  ${event.field.replaceAll('_', ' ')} ${event.value}`;
    case 'log':
      return event.log.level === 'DEBUG' ? null : `  ${event.log.level.toLowerCase()}: ${event.log.message}`;
    case 'phase-ended':
      return event.outcome === 'PASS' ? null : `  ${event.outcome}${because(event.reason)}`;
    case 'phase-skipped':
      return `${event.name}\n  SKIP${because(event.reason)}`;
    case 'run-ended':
      return `${event.outcome}${because(event.reason)}`;
  }
}

function measurementLine({ name, measured_value, units, outcome, marginal, reason }: MeasurementRecord): string {
  const value = measured_value === null ? '–' : `${measured_value}${units ? ` ${units}` : ''}`;
  return `${outcome.padEnd(5)} ${name} ${value}${marginal ? ' (close to its limit)' : ''}${because(reason)}`;
}

function because(reason: string | undefined): string {
  return reason ? `: ${reason}` : '';
}
