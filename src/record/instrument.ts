/**
 * The instruments of a run: who they were and how long their calibration held, frozen when the run began.
 *
 * As one text they go into the metadata of every format: a JSON list of what is below, sixteen plugs in about three
 * kilobytes. Knows nothing of where identities and dates come from.
 */
interface Identity {
  readonly model?: string;
  readonly serialNumber?: string;
  readonly firmware?: string;
}

export interface InstrumentRecord {
  /** The plug's key. */
  readonly plug: string;
  readonly model?: string;
  readonly serial_number?: string;
  /** As it was answered. */
  readonly firmware?: string;
  /** The last day on which its calibration holds, `2027-03-01`, UTC; absent: no date was known, or none is asked for. */
  readonly calibration_due?: string;
  readonly certificate?: string;
  /** The run began after that day. */
  readonly overdue?: true;
}

/** @param calibration null: no date is known, or none is asked for */
export function instrumentRecord(
  plug: string,
  { model, serialNumber, firmware }: Identity,
  calibration: { readonly due: string; readonly certificate: string; readonly isOver: boolean } | null = null,
): InstrumentRecord {
  return {
    plug,
    ...(model ? { model } : {}),
    ...(serialNumber ? { serial_number: serialNumber } : {}),
    ...(firmware ? { firmware } : {}),
    ...(calibration ? { calibration_due: calibration.due } : {}),
    ...(calibration?.certificate ? { certificate: calibration.certificate } : {}),
    ...(calibration?.isOver ? { overdue: true } : {}),
  };
}

const TEXTS = ['model', 'serial_number', 'firmware', 'calibration_due', 'certificate'] as const;

/** Keys of the plugs whose instruments were past their calibration; empty when none was. */
export function overduePlugs(instruments: readonly InstrumentRecord[]): string {
  return instruments
    .filter(({ overdue }) => overdue === true)
    .map(({ plug }) => plug)
    .join(', ');
}

export function instrumentsText(instruments: readonly InstrumentRecord[]): string {
  return JSON.stringify(instruments);
}

/** @returns undefined where it is no such text: another program's, or one that was cut off */
export function readInstruments(text: unknown): readonly InstrumentRecord[] | undefined {
  const list = typeof text === 'string' ? parsed(text) : undefined;
  return Array.isArray(list) && list.every(isInstrument) ? list : undefined;
}

function isInstrument(one: unknown): one is InstrumentRecord {
  if (typeof one !== 'object' || one === null) return false;
  const { plug, overdue, ...rest } = one as Readonly<Record<string, unknown>>;
  const isText = ([name, value]: [string, unknown]) =>
    typeof value === 'string' && TEXTS.some((known) => known === name);
  return typeof plug === 'string' && (overdue === undefined || overdue === true) && Object.entries(rest).every(isText);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
