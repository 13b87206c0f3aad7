/**
 * From a scan to a unit that is known as a whole: what the scan does not say is asked for, one thing after the other.
 *
 * Nothing is touched meanwhile: no run, no sequence number, no command on a wire. Above: front-desk.ts, which hands in every
 * scan. Below: procedure/identify.ts and procedure/asks.ts. Knows nothing of who is signed in but what it is told.
 */
import type { AskView } from '#engine/link/people-link.ts';
import type { Word } from '#engine/link/station-link.ts';
import { type Person, whoCan } from '#fleet/people/person.ts';
import { type Answers, type Ask, asksOf, readAnswer, withAnswers } from '#procedure/asks.ts';
import { identify, type UnitIdentity } from '#procedure/identify.ts';
import type { Procedure } from '#procedure/procedure.ts';
import { isAtLeast, type Role } from '#record/role.ts';
import type { RunHeader } from '#record/run-record.ts';
import type { View } from './view.ts';

/** All that is known of the unit, and of why it is tested again. */
export interface Identified {
  /** What was scanned first. */
  readonly scan: string;
  readonly answers: Answers;
  readonly facts: Pick<RunHeader, 'retest' | 'retest_reason' | 'allowed_by'>;
}

export interface IdentityDeskOptions {
  readonly view: View;
  /** How many runs of this unit were begun today. */
  readonly runsToday: (serial: string, procedureId: string) => Promise<number>;
  /** Whether whoever is signed in may test a unit again by themselves. */
  readonly mayRetest: () => boolean;
  /** Whether it wants a reason, by the station or its fleet. */
  readonly wantsReason: () => boolean;
}

const APPROVAL = 'allowed_by';
const REASON = 'retest_reason';
/** A sentence, not a report. */
const LONGEST_REASON = 500;

interface Open {
  readonly scan: string;
  readonly unit: UnitIdentity;
  readonly procedure: Procedure;
  readonly earlier: number;
  readonly asks: readonly Ask[];
  readonly answers: Answers;
}

export class IdentityDesk {
  readonly #options: IdentityDeskOptions;
  #open: Open | null = null;
  #approval: { readonly value: string } | Word = NO_APPROVAL;

  constructor(options: IdentityDeskOptions) {
    this.#options = options;
  }

  get isAskingForApproval(): boolean {
    return this.#open !== null && next(this.#open)?.key === APPROVAL;
  }

  /** Somebody puts their badge or PIN in place of a role that is too low; counts at once, and once. */
  approve({ name, role }: Pick<Person, 'name' | 'role'>, lowest: Role): void {
    this.#approval = isAtLeast(role, lowest) ? { value: name } : tooLow(name, lowest);
  }

  cancel(): void {
    this.#open = null;
    this.#approval = NO_APPROVAL;
    this.#options.view.change({ asking: null });
  }

  /** @returns null while something is still asked: the view says what */
  async identify(scan: string, procedure: Procedure): Promise<Identified | Word | null> {
    const open = this.#open && asksTheSame(this.#open.procedure, procedure) ? this.#open : null;
    const result = open ? this.#answered(open, scan) : await this.#begun(scan, procedure);
    this.#approval = NO_APPROVAL;
    if (result === null || 'code' in result) return result;
    this.#open = result;
    if (next(result)) {
      this.#ask(result, null);
      return null;
    }
    this.cancel();
    return identified(result);
  }

  async #begun(scan: string, procedure: Procedure): Promise<Open | Word> {
    const { runsToday, mayRetest, wantsReason, view } = this.#options;
    view.change({ asking: null });
    this.#open = null;
    const unit = identify(scan, procedure.unit);
    if ('code' in unit) return unit;
    const earlier = await runsToday(unit.serial_number, procedure.id);
    const reason = earlier > 0 && (procedure.unit.retestReason === true || wantsReason());
    const asks = [
      ...(earlier > 0 && !mayRetest() ? [APPROVAL_ASK] : []),
      ...(reason ? [REASON_ASK] : []),
      ...asksOf(procedure.unit, unit),
    ];
    return { scan, unit, procedure, earlier, asks, answers: {} };
  }

  /** @returns null when the answer was none; the question stands with the reason */
  #answered(open: Open, scan: string): Open | null {
    const ask = next(open);
    if (!ask) return open;
    const known = withAnswers(open.unit, ofUnit(open.answers));
    const answer = ask.key === APPROVAL ? this.#approval : readAnswer(ask, scan, known);
    if ('value' in answer) return { ...open, answers: { ...open.answers, [ask.key]: answer.value } };
    this.#ask(open, answer);
    return null;
  }

  #ask(open: Open, trouble: Word | null): void {
    const { asks, answers, unit } = open;
    const ask = next(open)!;
    const { description = '', placeholder = '' } = ask.field;
    const known = asks.filter(({ key }) => answers[key]).map(({ key, label }) => ({ label, value: answers[key]! }));
    const asking: AskView = {
      serial: unit.serial_number,
      key: ask.key,
      label: ask.label,
      kind: ask.key === APPROVAL ? 'approval' : ask.kind,
      description,
      placeholder,
      isOptional: ask.isOptional,
      index: asks.indexOf(ask) + 1,
      count: asks.length,
      known,
      trouble,
    };
    this.#options.view.change({ asking });
  }
}

const APPROVAL_CODE = 'answer-approval';
const NO_APPROVAL: Word = {
  code: APPROVAL_CODE,
  message: 'This unit was tested today already.',
  remedy: 'Scan the badge of somebody who may test it again, or let them enter their PIN.',
};

function tooLow(name: string, lowest: Role): Word {
  return { code: APPROVAL_CODE, message: `${name} may not let a unit be tested again.`, remedy: whoCan(lowest) };
}

const APPROVAL_ASK: Ask = { key: APPROVAL, label: 'Tested today already', kind: 'text', field: {}, isOptional: false };
const REASON_ASK: Ask = {
  key: REASON,
  label: 'Why is it tested again?',
  kind: 'text',
  field: { maxLength: LONGEST_REASON },
  isOptional: false,
};

/** Another procedure, or another slot, may ask for other things. */
function asksTheSame(one: Procedure, other: Procedure): boolean {
  return one.unit === other.unit || JSON.stringify(one.unit) === JSON.stringify(other.unit);
}

function next({ asks, answers }: Open): Ask | undefined {
  return asks.find(({ key }) => answers[key] === undefined);
}

function ofUnit(answers: Answers): Answers {
  return Object.fromEntries(Object.entries(answers).filter(([key]) => key !== APPROVAL && key !== REASON));
}

function identified({ scan, answers, earlier }: Open): Identified {
  const { [REASON]: reason, [APPROVAL]: allowedBy } = answers;
  return {
    scan,
    answers: ofUnit(answers),
    facts: {
      ...(earlier > 0 ? { retest: earlier } : {}),
      ...(reason ? { retest_reason: reason } : {}),
      ...(allowedBy ? { allowed_by: allowedBy } : {}),
    },
  };
}
