/**
 * YAML text to a procedure, with line and column in everything that is wrong.
 *
 * The only file that knows YAML; doors load it when they need it, since the parser is large. Collects every problem,
 * not just the first. Below: read/, which works on located data. Knows nothing of files and networks.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair } from 'yaml';
import { Fault, messageOf } from '#base/fault.ts';
import type { DriverFacts } from '#procedure/device-config.ts';
import type { Located, LocatedEntry, LocatedScalar, Place } from '#procedure/located.ts';
import { Problems } from '#procedure/problem.ts';
import type { Problem, Procedure } from '#procedure/procedure.ts';
import { type ConfiguredValue, Parameters } from '#procedure/read/parameters.ts';
import { readWithSlots } from '#procedure/read/read-slots.ts';

export interface ParseOptions {
  /** Names of the drivers that this build has. */
  readonly drivers: readonly string[];
  /** Readings of a driver by name, e.g. `voltage_dc`. */
  readonly readings: (driver: string) => readonly string[];
  /** What a driver says of itself: units, settings, safe state; absent: only its readings' names are known. */
  readonly facts?: (driver: string) => DriverFacts | undefined;
  /** Also says what is only worth a look while a procedure is written. */
  readonly lints?: true;
  /** Values that stand in the place of defaults, by name, and the tier that says so. A name that nobody declares is wrong. */
  readonly parameters?: Readonly<Record<string, ConfiguredValue>>;
}

export interface Parsed {
  /** null when there is an error among the problems. */
  readonly procedure: Procedure | null;
  /** Errors and warnings; without a procedure also what would keep it from running. */
  readonly problems: readonly Problem[];
}

/** @param file for messages, e.g. `procedure.yaml` */
export function parse(text: string, file: string, options: ParseOptions): Parsed {
  const problems = new Problems(file, options.lints === true);
  const root = locateOrSay(text, problems);
  // A broken document is half read at best; what it seems to lack would only hide what is wrong.
  if (!root || problems.hasErrors) return { procedure: null, problems: problems.all };
  const { parameters: configured = {}, ...rest } = options;
  const context = { problems, parameters: new Parameters(problems), ...rest };
  const procedure = readWithSlots({ ...context, configured: new Map(Object.entries(configured)) }, root);
  if (problems.hasErrors) return { procedure: null, problems: [...problems.all, ...problems.obstacles] };
  return { procedure, problems: problems.all };
}

/**
 * Any other YAML file, such as `bench.yaml`, as plain data.
 * @throws {Fault} `yaml` with line and column in its message
 */
export function parseData(text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { version: '1.2', lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (!error) return document.toJS();
  const { line, col } = lines.linePos(error.pos[0]);
  throw new Fault('yaml', `Line ${line}, column ${col}: ${error.message}`, 'Correct the file.');
}

/** A text of ten thousand opening brackets exhausts the stack; that is a broken file too, not a broken station. */
function locateOrSay(text: string, problems: Problems): Located | null {
  try {
    return locate(text, problems);
  } catch (thrown) {
    problems.error('yaml', { line: 1, column: 1 }, `the file cannot be read: ${messageOf(thrown)}`);
    return null;
  }
}

function locate(text: string, problems: Problems): Located | null {
  const lines = new LineCounter();
  const document = parseDocument(mask(text), { version: '1.2', lineCounter: lines, prettyErrors: false });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  for (const { message, pos } of document.errors) {
    const end = text.indexOf('\n', pos[0]);
    const rest = unmask(text.slice(pos[0], end === -1 ? undefined : end)).trim();
    problems.error('yaml', place(pos[0]), `${unmask(message)}${rest === '' ? '' : `, at: ${rest.slice(0, 60)}`}`);
  }
  for (const { message, pos } of document.warnings) problems.warning('yaml', place(pos[0]), unmask(message));
  if (problems.hasErrors) return null;
  if (!document.contents) {
    problems.error('yaml', { line: 1, column: 1 }, 'the file is empty; a procedure needs at least “name” and “main”');
    return null;
  }
  return new Locator(document, place, problems).locate(document.contents);
}

/**
 * `${name}` inside `{ … }` or `[ … ]` would end there for YAML, although the format allows it. The braces are hidden
 * from the YAML parser behind two private characters of the same length, so that every column stays true.
 */
function mask(text: string): string {
  return text.replaceAll(/\$\{([^{}\n]*)\}/g, '$$\ue000$1\ue001');
}

function unmask(text: string): string {
  return text.replaceAll(/\$\ue000([^\ue000\ue001\n]*)\ue001/g, '$${$1}');
}

function styleOf(node: Node): LocatedScalar['style'] {
  const type = isScalar(node) ? node.type : undefined;
  if (type === 'QUOTE_SINGLE') return 'single';
  if (type === 'QUOTE_DOUBLE') return 'double';
  return type === 'BLOCK_FOLDED' || type === 'BLOCK_LITERAL' ? 'block' : 'plain';
}

/** The document's nodes as located data; an alias stands for what it names. */
class Locator {
  readonly #document: Document;
  readonly #place: (offset: number) => Place;
  readonly #problems: Problems;
  /** Each anchor is turned over once, however often it is named: a few lines of YAML can name billions. */
  readonly #done = new Map<Node, Located>();
  readonly #open = new Set<Node>();

  constructor(document: Document, place: (offset: number) => Place, problems: Problems) {
    this.#document = document;
    this.#place = place;
    this.#problems = problems;
  }

  locate(node: Node | null, at: Place = { line: 1, column: 1 }): Located {
    if (!node) return { kind: 'scalar', value: null, text: '', style: 'plain', place: at };
    const place = node.range ? this.#place(node.range[0]) : at;
    if (isAlias(node)) return this.#alias(node.resolve(this.#document), place);
    const done = this.#done.get(node);
    if (done) return done;
    this.#open.add(node);
    const located = this.#fresh(node, place);
    this.#open.delete(node);
    this.#done.set(node, located);
    return located;
  }

  #alias(target: Node | undefined, place: Place): Located {
    if (target && !this.#open.has(target)) return this.locate(target, place);
    this.#problems.error('yaml', place, target ? 'this alias contains itself' : 'this alias names no anchor');
    return { kind: 'scalar', value: null, text: '', style: 'plain', place };
  }

  #fresh(node: Node, place: Place): Located {
    if (isMap(node))
      return {
        kind: 'map',
        entries: node.items.map((pair) => this.#entry(pair as Pair<Node, Node | null>, place)),
        place,
      };
    if (isSeq(node))
      return { kind: 'list', items: node.items.map((item) => this.locate(item as Node | null, place)), place };
    const value: unknown = isScalar(node) ? node.value : null;
    const source = isScalar(node) && node.source !== undefined ? node.source : String(value);
    const scalar =
      typeof value === 'string'
        ? unmask(value)
        : typeof value === 'number' || typeof value === 'boolean'
          ? value
          : null;
    return { kind: 'scalar', value: scalar, text: unmask(source), style: styleOf(node), place };
  }

  #entry({ key, value }: Pair<Node, Node | null>, at: Place): LocatedEntry {
    const located = this.locate(key, at);
    if (located.kind !== 'scalar') this.#problems.error('yaml', located.place, 'a key must be a single word');
    const name = located.kind === 'scalar' ? located.text : '';
    return { key: name, place: located.place, value: this.locate(value, located.place) };
  }
}
