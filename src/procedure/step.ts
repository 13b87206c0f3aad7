/**
 * One act of a phase, as it is when the file was read.
 *
 * Types only; a part of procedure.ts, through which it is taken. Knows nothing of the file.
 */
import type { Scalar } from '#measure/scalar.ts';
import type { Validator } from '#measure/validator.ts';
import type { LabelLanguage } from '#procedure/label/label-text.ts';
import type { LocalText } from '#procedure/local-text.ts';
import type { Component } from '#procedure/screen.ts';

export type Step =
  | { readonly kind: 'write'; readonly plug: string; readonly command: string; readonly line: number }
  /** Brings a setting of a driver to a value, e.g. a supply's voltage. */
  | {
      readonly kind: 'set-point';
      readonly plug: string;
      readonly setting: string;
      readonly value: Scalar;
      readonly line: number;
    }
  | {
      readonly kind: 'query';
      readonly plug: string;
      readonly command: string;
      /** Measurement that takes the answer; absent: the answer only goes to the log. */
      readonly measurement?: string;
      readonly timeoutMs?: number;
      readonly line: number;
    }
  | {
      readonly kind: 'measure';
      readonly measurement: string;
      readonly plug: string;
      /** Either a query as text or a driver's reading by name. */
      readonly source: { readonly query: string } | { readonly read: string };
      /** The answer is a list of numbers for this axis of a multi-point measurement. */
      readonly axis?: string;
      readonly timeoutMs?: number;
      readonly line: number;
    }
  | { readonly kind: 'wait'; readonly durationMs: number; readonly line: number }
  /** Keeps a file with the run: what a plug answers, or a text of the procedure's. */
  | {
      readonly kind: 'attach';
      readonly name: string;
      readonly contentType: string;
      readonly source:
        | { readonly plug: string; readonly query: string }
        | { readonly plug: string; readonly read: string }
        | { readonly text: string };
      readonly timeoutMs?: number;
      readonly line: number;
    }
  /** Fills a label in and prints it. */
  | {
      readonly kind: 'print';
      readonly plug: string;
      /** Of the plug. */
      readonly language: LabelLanguage;
      /** A file of the procedure's folder, or the label itself. */
      readonly source: { readonly file: string } | { readonly text: string };
      readonly copies: number;
      /** Only of units that have passed, or have not; absent: of every unit. */
      readonly only?: 'pass' | 'fail';
      readonly line: number;
    }
  /** Shows the operator something and waits for the answer. */
  | {
      readonly kind: 'prompt';
      readonly message: LocalText;
      readonly components: readonly Component[];
      readonly timeoutMs?: number;
      readonly line: number;
    }
  /** Records a value that the procedure itself states. */
  | { readonly kind: 'set'; readonly measurement: string; readonly value: Scalar; readonly line: number }
  /** Asks until the answer is the one that is waited for; the phase fails when it never is. */
  | {
      readonly kind: 'expect';
      readonly plug: string;
      /** A query as text, or a driver's reading by name. */
      readonly command: string;
      readonly isReading?: true;
      readonly wanted: Validator;
      readonly timeoutMs: number;
      /** Between two questions. */
      readonly pauseMs: number;
      readonly line: number;
    }
  /** Lets a plug's device leave and come back; an error when it does not. */
  | {
      readonly kind: 'expect-reboot';
      readonly plug: string;
      /** Sent first; absent: `steps`, or what stands before, makes it reboot. */
      readonly command?: string;
      /** Done as soon as it may leave. */
      readonly steps: readonly Step[];
      /** What it becomes; absent: it comes back as it was. */
      readonly as?: { readonly usb?: readonly string[]; readonly identity?: string };
      /** Of a console: pattern in what it prints, which says that it is back. */
      readonly until?: string;
      /** The format's `within`, from the beginning of the step. */
      readonly timeoutMs: number;
      readonly line: number;
    }
  | {
      readonly kind: 'repeat';
      readonly steps: readonly Step[];
      /** How often, at most; absent: only `until` and its time end it. */
      readonly count?: number;
      /** Ends it as soon as this measurement's last value is right; the phase fails when it never is. */
      readonly until?: { readonly measurement: string; readonly wanted: Validator };
      /** Only with `until`. */
      readonly timeoutMs?: number;
      /** Between two rounds. */
      readonly pauseMs: number;
      readonly line: number;
    };
