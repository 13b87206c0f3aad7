/**
 * `fieldbench transfer inspect`: what is in a file of the air gap, and is it whole?
 *
 * The same look as a station takes, without a station. Above: command-line.ts. Below: #sync/transfer/inspect.ts.
 */
import { readFile } from 'node:fs/promises';
import { Fault } from '#base/fault.ts';
import { inspect, type Inspection } from '#sync/transfer/inspect.ts';
import type { TransferProblem } from '#sync/transfer/transfer-fault.ts';
import type { Terminal } from './terminal.ts';

const SOUND = 0;
const HAS_PROBLEMS = 1;
const UNREADABLE = 2;

export async function inspectTransfer(file: string, json: boolean, terminal: Terminal): Promise<number> {
  let inspection: Inspection;
  try {
    inspection = await inspect(new Uint8Array(await readFile(file)));
  } catch (thrown) {
    const problem = asProblem(thrown, file);
    if (json) terminal.out(JSON.stringify({ readable: false, sound: false, problems: [problem] }));
    else terminal.out(lineOf(problem));
    return UNREADABLE;
  }
  const isSound = inspection.problems.length === 0;
  if (json) terminal.out(JSON.stringify(asJson(inspection, isSound)));
  else for (const line of asText(inspection, isSound)) terminal.out(line);
  return isSound ? SOUND : HAS_PROBLEMS;
}

function asJson({ facts, fingerprint, isTrusted, runs, receipt, problems }: Inspection, isSound: boolean) {
  return {
    readable: true,
    sound: isSound,
    // Of a file that was changed after it was made, nothing may be believed.
    trusted: isTrusted,
    kind: facts.kind,
    station: facts.station,
    key: fingerprint,
    made_at: facts.madeAt,
    first_seq: facts.firstSeq,
    last_seq: facts.lastSeq,
    runs:
      receipt?.runs.map(({ client_run_id, station_seq, run_id, files = [] }) => ({
        client_run_id,
        station_seq,
        run_id,
        files,
      })) ??
      runs.map(({ id, seq, serial, outcome, startedAt, hash, files }) => ({
        client_run_id: id,
        station_seq: seq,
        serial_number: serial,
        outcome,
        started_at: startedAt,
        sha256: hash,
        files: files.map(({ name, content_type, size, sha256 }) => ({ name, content_type, size, sha256 })),
      })),
    ...(receipt ? { origin: receipt.origin } : {}),
    problems,
  };
}

function asText({ facts, fingerprint, isTrusted, runs, receipt, problems }: Inspection, isSound: boolean): string[] {
  const what = facts.kind === 'receipt' ? `Receipt for runs of ${receipt?.origin ?? 'a station'}` : 'Runs';
  return [
    `${what}, made by ${facts.station} at ${facts.madeAt}`,
    `Key ${fingerprint}`,
    ...runs.flatMap(({ seq, serial, outcome, startedAt, files }) => [
      `${seq}  ${serial}  ${outcome}  ${startedAt}`,
      ...files.map(({ name, size, sha256 }) => `    ${name}  ${size} bytes  ${sha256}`),
    ]),
    ...(receipt?.runs ?? []).flatMap(({ station_seq, client_run_id, run_id, files = [] }) => [
      `${station_seq}  ${client_run_id}  delivered as ${run_id}`,
      ...files.map(({ name, sha256 }) => `    ${name}  ${sha256}`),
    ]),
    ...problems.map(lineOf),
    isSound
      ? `${facts.runs} runs, all sound.`
      : isTrusted
        ? `${receipt ? receipt.runs.length : runs.length} of ${facts.runs} runs are sound.`
        : 'Nothing in this file may be believed.',
  ];
}

function lineOf({ code, message, remedy }: TransferProblem): string {
  return `error ${code}: ${message} ${remedy}`;
}

/** @throws whatever is no fault of the file's */
function asProblem(thrown: unknown, file: string): TransferProblem {
  if (thrown instanceof Fault) {
    const { code, message, remedy } = thrown as Fault<TransferProblem['code']>;
    return { code, message, remedy };
  }
  const { code } = thrown as NodeJS.ErrnoException;
  if (code === undefined) throw thrown;
  return {
    code: 'unreadable',
    message: code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read: ${code}.`,
    remedy: 'Name the file that a station has exported.',
  };
}
