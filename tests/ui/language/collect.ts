/**
 * Every sentence that the sources can say, as the page shows it: `The port {0} is busy.`
 *
 * Reads the sources' syntax trees, so that a catalogue can be held against them: markup (one text node is one
 * sentence), attributes that people read, strings and templates in scripts. Knows nothing of languages.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'svelte/compiler';
import ts from 'typescript';

/** `markup`: certainly read by people. `fault`: message or remedy. `string`: any other text in a script. */
export type Kind = 'markup' | 'fault' | 'string';

export interface Sentence {
  readonly key: string;
  readonly kind: Kind;
  readonly file: string;
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Attributes, and props of our own components, that are text. */
const READ_ATTRIBUTES =
  /^(aria-label|aria-description|title|placeholder|alt|lead|action|label|legend|caption|name|empty|note)$/;

export function filesBelow(folder: string): readonly string[] {
  if (!statSync(folder).isDirectory()) return [folder];
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    })
    .filter((path) => /\.(svelte|ts)$/.test(path));
}

export function sentencesOf(file: string): readonly Sentence[] {
  const text = readFileSync(file, 'utf8');
  return file.endsWith('.svelte') ? ofComponent(file, text) : ofScript(file, text);
}

/** White space as a browser shows it; a value is `{0}`, `{1}` … */
function keyOf(parts: readonly (string | null)[]): string {
  let count = 0;
  return parts
    .map((part) => part ?? `{${count++}}`)
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
}

function hasWords(parts: readonly (string | null)[]): boolean {
  return parts.some((part) => part !== null && /\p{L}{2}/u.test(part));
}

function ofScript(file: string, text: string): readonly Sentence[] {
  const found: Sentence[] = [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node, kind: Kind) => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || ts.isExportDeclaration(node)) return;
    let inner = kind;
    if (ts.isNewExpression(node) && /Fault$|Error$/.test(node.expression.getText())) inner = 'fault';
    if (ts.isPropertyAssignment(node) && /^(message|remedy|reason)$/.test(node.name.getText())) inner = 'fault';
    const parts = partsOf(node);
    if (parts) {
      if (hasWords(parts)) found.push({ key: keyOf(parts), kind: inner, file });
      if (!ts.isTemplateExpression(node)) return;
    }
    if (ts.isCallExpression(node) && node.expression.getText() === 'counted') {
      const [, one, many] = node.arguments.map((argument) => (ts.isStringLiteralLike(argument) ? argument.text : null));
      if (one) {
        found.push({ key: `1 ${one}`, kind: inner, file }, { key: `{0} ${many ?? `${one}s`}`, kind: inner, file });
        ts.forEachChild(node.arguments[0]!, (child) => visit(child, inner));
        return;
      }
    }
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(source, 'string');
  return found;
}

/** Texts that are put together in one expression are one sentence. */
function partsOf(node: ts.Node): (string | null)[] | null {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node))
    return [node.head.text, ...node.templateSpans.flatMap(({ literal }) => [null, literal.text])];
  return null;
}

function ofComponent(file: string, text: string): readonly Sentence[] {
  const found: Sentence[] = [];
  const script = (from: number, to: number) => found.push(...ofScript(file, `(${text.slice(from, to)})`));
  const visit = (node: Node): void => {
    if (node.type === 'Script') return void found.push(...ofScript(file, content(text, node)));
    if (node.type === 'StyleSheet' || node.type === 'Comment') return;
    if (node.type === 'Attribute') return attribute(node);
    if (node.type === 'Fragment') return fragment(node['nodes'] as Node[]);
    if (node.type === 'ExpressionTag') return void script(...span(node['expression'] as Node));
    for (const [key, value] of Object.entries(node)) {
      if (key === 'metadata' || key === 'parent') continue;
      // Conditions and keys of blocks are never shown.
      if (/^(test|key|context|index)$/.test(key)) continue;
      for (const one of Array.isArray(value) ? value : [value])
        if (one && typeof one === 'object' && typeof (one as Node).type === 'string' && !isExpression(one as Node))
          visit(one as Node);
    }
  };
  const attribute = (node: Node) => {
    const value = node['value'];
    if (value === true) return;
    const parts = (Array.isArray(value) ? value : [value]) as Node[];
    if (READ_ATTRIBUTES.test(node['name'] as string)) join_(parts);
    else if (!/^(class|style|data-|href|id|type|for|src|d|on)/.test(node['name'] as string))
      for (const part of parts) if (part.type === 'ExpressionTag') visit(part);
  };
  const join_ = (group: readonly Node[]) => {
    if (group.length === 0) return;
    const parts = group.map((node) => (node.type === 'Text' ? (node['data'] as string) : null));
    if (hasWords(parts)) found.push({ key: keyOf(parts), kind: 'markup', file });
    for (const node of group) if (node.type === 'ExpressionTag') visit(node);
  };
  const fragment = (nodes: readonly Node[]) => {
    let group: Node[] = [];
    for (const node of nodes) {
      if (node.type === 'Text' || node.type === 'ExpressionTag') group.push(node);
      else if (node.type !== 'Comment') {
        join_(group);
        group = [];
        visit(node);
      }
    }
    join_(group);
  };
  const root = parse(text, { modern: true }) as unknown as Node;
  for (const part of [root['instance'], root['module'], root['fragment']]) if (part) visit(part as Node);
  return found;
}

function isExpression({ type }: Node): boolean {
  return /(Expression|Literal|Identifier|Pattern|Statement|Declaration)$/.test(type);
}

function span(node: Node): [number, number] {
  return [node['start'] as number, node['end'] as number];
}

function content(text: string, node: Node): string {
  return text.slice(...span(node['content'] as Node));
}
