/**
 * Reads a source file as the architecture test needs it: its imports, its exports, its opening comment.
 *
 * Above it: walls.ts and manners.ts. Knows nothing of what is allowed.
 */
import { posix } from 'node:path';
import ts from 'typescript';

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** Path under src/ when it is one of ours; undefined for a package. */
  readonly target: string | undefined;
  readonly typeOnly: boolean;
  /** `?worker&url`, `?url`: an address, not code. */
  readonly address: boolean;
}

export interface Source {
  /** Under src/, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  readonly exportsDefault: boolean;
  readonly exportsAll: boolean;
  /** The exported names, where they are declared. */
  readonly exportedNames: readonly string[];
  /** Nothing but re-exports. */
  readonly isBarrel: boolean;
}

/** @param path under src/ */
export function readSource(path: string, text: string): Source {
  const script = path.endsWith('.svelte') ? scriptsOf(text) : text;
  const file = ts.createSourceFile(path, script, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const imports: Import[] = [];
  const add = (specifier: string, typeOnly: boolean) => imports.push(importOf(path, specifier, typeOnly));
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, isTypeOnly(node.importClause));
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node.isTypeOnly);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [first] = node.arguments;
      if (first && ts.isStringLiteral(first)) add(first.text, false);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      if (ts.isStringLiteral(node.argument.literal)) add(node.argument.literal.text, true);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  const reexports = file.statements.filter((one) => ts.isExportDeclaration(one) && one.moduleSpecifier);
  return {
    path,
    text,
    imports,
    exportsDefault: file.statements.some(isDefaultExport),
    exportsAll: file.statements.some((one) => ts.isExportDeclaration(one) && one.moduleSpecifier && !isNamed(one)),
    exportedNames: file.statements.filter(isExported).flatMap(namesOf),
    isBarrel: reexports.length > 0 && reexports.length === file.statements.length,
  };
}

function scriptsOf(svelte: string): string {
  return [...svelte.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, code = '']) => code).join('\n');
}

function importOf(path: string, written: string, typeOnly: boolean): Import {
  const [specifier = '', query] = written.split('?');
  const target = specifier.startsWith('#')
    ? specifier.slice(1)
    : specifier.startsWith('.')
      ? posix.join(posix.dirname(path), specifier)
      : undefined;
  return { specifier: written, target, typeOnly, address: query?.split('&').includes('url') ?? false };
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return !clause.name && !!named && ts.isNamedImports(named) && named.elements.every((one) => one.isTypeOnly);
}

const isNamed = (node: ts.ExportDeclaration) => !!node.exportClause && ts.isNamedExports(node.exportClause);

function isExported(node: ts.Statement): boolean {
  return ts.canHaveModifiers(node) && !!ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

function isDefaultExport(node: ts.Statement): boolean {
  if (ts.isExportAssignment(node)) return true;
  if (ts.isExportDeclaration(node) && node.exportClause && ts.isNamedExports(node.exportClause)) {
    return node.exportClause.elements.some(({ name }) => name.text === 'default');
  }
  return (
    ts.canHaveModifiers(node) && !!ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)
  );
}

function namesOf(node: ts.Statement): string[] {
  if (ts.isVariableStatement(node)) {
    return node.declarationList.declarations.map(({ name }) => name.getText());
  }
  const { name } = node as ts.DeclarationStatement;
  return name ? [name.getText()] : [];
}
