import ts from 'typescript'
import type { Module } from './imports'

/**
 * Finds the ways to look up a word from outside that also find what every object inherits (`constructor`, `__proto__`):
 *
 * - `table[word]`, where `table` is an object literal with any text as a key (`Record<string, …>`)
 * - `table[word as Key]`, and `(value as Record<string, …>)[word]`
 * - `word in table`
 *
 * `lookup()` of `app/domain/lookup.ts` is the way that does not.
 *
 * @returns each as `file: code`
 */
export function unsafeLookups(modules: Iterable<Module>): string[] {
  const sources = [...modules].map(({ file, text }) => ({
    file,
    source: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true),
  }))
  const exported = new Set(sources.flatMap(({ source }) => tablesIn(source).exported))
  return sources.flatMap(({ file, source }) => {
    const imported = importsOf(source).filter((name) => exported.has(name))
    const tables = new Set([...tablesIn(source).all, ...imported])
    return found(source, (node) => isUnsafe(node, tables)).map((node) => `${file}: ${node.getText()}`)
  })
}

function found(root: ts.Node, fits: (node: ts.Node) => boolean): ts.Node[] {
  const nodes: ts.Node[] = []
  const walk = (node: ts.Node) => {
    if (fits(node)) nodes.push(node)
    ts.forEachChild(node, walk)
  }
  walk(root)
  return nodes
}

const isTextKeyed = (type: ts.TypeNode | undefined) =>
  type !== undefined && /^(Readonly<|Partial<)*Record<string,/.test(type.getText())

function tablesIn(source: ts.SourceFile) {
  const tables = found(
    source,
    (node) =>
      ts.isVariableDeclaration(node) &&
      isTextKeyed(node.type) &&
      node.initializer !== undefined &&
      ts.isObjectLiteralExpression(node.initializer) &&
      node.initializer.properties.length > 0,
  ) as ts.VariableDeclaration[]
  const isExported = (table: ts.VariableDeclaration) =>
    (ts.getCombinedModifierFlags(table) & ts.ModifierFlags.Export) !== 0
  const names = (some: ts.VariableDeclaration[]) => some.map(({ name }) => name.getText())
  return { all: names(tables), exported: names(tables.filter(isExported)) }
}

const importsOf = (source: ts.SourceFile) =>
  (found(source, ts.isImportSpecifier) as ts.ImportSpecifier[]).map(({ name }) => name.text)

function isUnsafe(node: ts.Node, tables: Set<string>): boolean {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InKeyword)
    return !ts.isStringLiteral(node.left) && !ts.isPrivateIdentifier(node.left)
  if (!ts.isElementAccessExpression(node)) return false
  const { argumentExpression: word, expression: table } = node
  if (ts.isStringLiteral(word) || ts.isNumericLiteral(word)) return false
  if (ts.isAsExpression(word)) return true
  const inner = ts.isParenthesizedExpression(table) ? table.expression : table
  return ts.isAsExpression(inner) ? isTextKeyed(inner.type) : tables.has(table.getText())
}
