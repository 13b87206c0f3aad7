/**
 * Every code that page, bench worker and workshop worker can show a person, read from their sources: no list is kept by hand.
 *
 * A code is raised by a Fault that is made, by words that are made (an object with code, message and remedy), by an
 * obstacle of a procedure, and in a component by `code="…"`. What stands there is followed by its type: a constant, a
 * room's closed list, a template over one. What only hands on the code of another fault raises nothing.
 */
import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

export interface Raised {
  /** Where each is raised, `src/bench-worker/run-words.ts:12`. */
  readonly codes: ReadonlyMap<string, readonly string[]>;
  /** Places whose code cannot be told from the source. */
  readonly unknown: readonly string[];
}

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  types: [],
};

/** @param root the repository */
export function raisedCodes(root: string): Raised {
  const src = join(root, 'src');
  const under = (room: string, ending: string) => ts.sys.readDirectory(join(src, room), [ending]);
  const roots = [
    ...under('ui', '.ts'),
    ...under('page', '.ts'),
    join(src, 'bench-worker', 'main.ts'),
    join(src, 'workshop-worker', 'main.ts'),
  ];
  const program = ts.createProgram(roots, OPTIONS);
  const reader = new CodeReader(program.getTypeChecker(), root);
  for (const file of program.getSourceFiles()) if (file.fileName.startsWith(`${src}/`)) reader.read(file);
  for (const file of under('ui', '.svelte')) reader.readComponent(file, readFileSync(file, 'utf8'));
  return reader;
}

/** A part of the sources that needs no program around it, for the proof that the reader sees what it should. */
export function raisedIn(code: string): Raised {
  const name = '/raised.ts';
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile } = host;
  host.getSourceFile = (file, ...rest) =>
    file === name ? ts.createSourceFile(name, code, ts.ScriptTarget.ESNext, true) : getSourceFile(file, ...rest);
  const program = ts.createProgram([name], OPTIONS, host);
  const reader = new CodeReader(program.getTypeChecker(), '/');
  reader.read(program.getSourceFile(name)!);
  return reader;
}

class CodeReader implements Raised {
  readonly codes = new Map<string, string[]>();
  readonly unknown: string[] = [];
  readonly #checker: ts.TypeChecker;
  readonly #root: string;

  constructor(checker: ts.TypeChecker, root: string) {
    this.#checker = checker;
    this.#root = root;
  }

  read(node: ts.Node): void {
    if (ts.isNewExpression(node) && /^\w*Fault$/.test(node.expression.getText())) this.#note(node.arguments?.[0]);
    else if (ts.isObjectLiteralExpression(node)) this.#note(codeOfWords(node));
    else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      if (node.expression.name.text === 'obstacle' && node.arguments.length === 3) this.#note(node.arguments[0]);
    }
    ts.forEachChild(node, (child) => this.read(child));
  }

  readComponent(file: string, text: string): void {
    for (const { 1: attribute, 2: property, index } of text.matchAll(/\bcode(?:="([a-z][a-z0-9-]*)"|: '([^']+)')/g))
      this.#add(attribute ?? property!, `${this.#pathOf(file)}:${text.slice(0, index).split('\n').length}`);
  }

  #note(code: ts.Expression | undefined): void {
    for (const one of code ? choicesOf(code) : []) {
      const file = one.getSourceFile();
      const place = `${this.#pathOf(file.fileName)}:${file.getLineAndCharacterOfPosition(one.getStart()).line + 1}`;
      const values = this.#valuesOf(one);
      if (values) for (const value of values) this.#add(value, place);
      else if (!isHandedOn(one)) this.unknown.push(`${place}: ${one.getText()}`);
    }
  }

  /** What it may come to; null when that is open. */
  #valuesOf(code: ts.Expression): string[] | null {
    if (ts.isTemplateExpression(code)) {
      let values = [code.head.text];
      for (const { expression, literal } of code.templateSpans) {
        const parts = this.#valuesOf(expression);
        if (!parts) return null;
        values = values.flatMap((value) => parts.map((part) => `${value}${part}${literal.text}`));
      }
      return values;
    }
    const type = this.#checker.getTypeAtLocation(code);
    const types = type.isUnion() ? type.types : [type];
    return types.every((one) => one.isStringLiteral()) ? types.map((one) => (one as ts.StringLiteralType).value) : null;
  }

  #add(code: string, place: string): void {
    this.codes.set(code, [...(this.codes.get(code) ?? []), place]);
  }

  #pathOf(file: string): string {
    return relative(this.#root, file).split(sep).join('/');
  }
}

function codeOfWords(words: ts.ObjectLiteralExpression): ts.Expression | undefined {
  const named = new Map(words.properties.map((property) => [property.name?.getText(), property]));
  const code = named.get('code');
  if (!code || !named.has('message') || !named.has('remedy')) return undefined;
  if (ts.isPropertyAssignment(code)) return code.initializer;
  return ts.isShorthandPropertyAssignment(code) ? code.name : undefined;
}

/** `a ? b : c` and `b ?? c` come to either. */
function choicesOf(code: ts.Expression): ts.Expression[] {
  if (ts.isParenthesizedExpression(code)) return choicesOf(code.expression);
  if (ts.isConditionalExpression(code)) return [...choicesOf(code.whenTrue), ...choicesOf(code.whenFalse)];
  const isEither = ts.isBinaryExpression(code) && code.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken;
  return isEither ? [...choicesOf(code.left), ...choicesOf(code.right)] : [code];
}

/** The code of another fault or word, of which no more is known: `thrown.code`, or `code` taken out of it. */
function isHandedOn(code: ts.Expression): boolean {
  const name = ts.isPropertyAccessExpression(code) ? code.name : code;
  return ts.isIdentifier(name) && name.text === 'code';
}
