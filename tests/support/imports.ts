import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'

/** A module of the house, by its path from the repository's root, and what it imports. */
export interface Module {
  file: string
  text: string
  /** Files of the house, by path; types, re-exports and `import()` count like any other import. */
  imports: string[]
  /** Packages and Node's own modules, as they are written. */
  packages: string[]
}

const isModule = (file: string) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts')

/** All files in a folder, at any depth, by path from the repository's root. */
export function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort()
}

/** @throws where an import leads nowhere */
export function readModules(folders: string[]): Map<string, Module> {
  const files = folders.flatMap(filesIn).filter(isModule)
  return new Map(files.map((file) => [file, readModule(file)]))
}

function readModule(file: string): Module {
  const text = readFileSync(file, 'utf8')
  const names = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName)
  const ours = names.filter((name) => pathOf(name, file) !== null)
  return {
    file,
    text,
    imports: [...new Set(ours.map((name) => resolved(pathOf(name, file) as string, file)))],
    packages: names.filter((name) => !ours.includes(name)),
  }
}

/** By the aliases of `tsconfig.json`, without what is asked of the bundler (`?url`); null for a package. */
function pathOf(asked: string, from: string): string | null {
  const name = asked.replace(/\?.*$/, '')
  if (name.startsWith('~db/')) return join('db', name.slice('~db/'.length))
  if (name.startsWith('~/')) return join('app', name.slice('~/'.length))
  return name.startsWith('.') ? join(dirname(from), name) : null
}

function resolved(path: string, from: string): string {
  const found = ['', '.ts', '.tsx', '/index.ts', '/index.tsx']
    .map((ending) => path + ending)
    .find((each) => existsSync(each) && statSync(each).isFile())
  if (!found) throw new Error(`${from} imports ${path}, which is not there`)
  return found
}

/** Groups of modules that import each other in a circle, each in order of path (Tarjan's components). */
export function cyclesIn(modules: Map<string, Module>): string[][] {
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open: string[] = []
  const cycles: string[][] = []
  const visit = (file: string) => {
    order.set(file, order.size)
    lowest.set(file, order.get(file) as number)
    open.push(file)
    for (const next of modules.get(file)?.imports ?? []) {
      if (!modules.has(next)) continue
      if (!order.has(next)) visit(next)
      if (open.includes(next))
        lowest.set(file, Math.min(lowest.get(file) as number, lowest.get(next) as number))
    }
    if (lowest.get(file) !== order.get(file)) return
    const group = open.splice(open.indexOf(file))
    if (group.length > 1) cycles.push(group.sort())
  }
  for (const file of modules.keys()) if (!order.has(file)) visit(file)
  return cycles.sort()
}

/** What a module reaches, itself included. */
export function reach(modules: Map<string, Module>, from: string[]): Set<string> {
  const seen = new Set<string>()
  const next = [...from]
  for (let file = next.pop(); file !== undefined; file = next.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    next.push(...(modules.get(file)?.imports ?? []))
  }
  return seen
}
