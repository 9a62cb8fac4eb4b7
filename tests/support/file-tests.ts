import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Test files that say in their first comment `@about-file`, and why: what they test only a database file has. */
export function fileTests(folder = 'tests'): { file: string; reason: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(folder, name))
    .sort()
    .flatMap((file) => {
      const [, reason] =
        /^ *(?:\/\*\*|\*) @about-file (.+?)(?: \*\/)?$/m.exec(readFileSync(file, 'utf8')) ?? []
      return reason ? [{ file, reason }] : []
    })
}
