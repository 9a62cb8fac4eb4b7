import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cyclesIn, filesIn, type Module, reach, readModules } from './support/imports'
import { unsafeLookups } from './support/lookups'

/** The house of docs/architecture.md: which way imports point, and what only one place may do. */

const modules = readModules(['app', 'db'])
const all = [...modules.values()]

/** A file's part of the house: a folder, or a file that stands alone. */
const parts = [
  'app/routes/',
  'app/dispatch/',
  'app/http/',
  'app/ui/',
  'app/domain/',
  'app/entry.server.tsx',
  'app/entry.client.tsx',
  'app/boot.server.ts',
  'app/environment.server.ts',
  'app/paths.ts',
  'app/routes.ts',
  'app/root.tsx',
  'app/styles.css',
  'db/vocabulary.ts',
  'db/errors.ts',
  'db/',
] as const
type Part = (typeof parts)[number]

/** Beside its own part. `db/vocabulary.ts`, the words that are stored, is open to everyone. */
const mayImport: Record<Part, readonly Part[]> = {
  'app/entry.server.tsx': ['app/boot.server.ts', 'app/http/', 'app/ui/'],
  'app/entry.client.tsx': ['app/ui/'],
  // it starts everything, and so opens the database
  'app/boot.server.ts': [
    'app/dispatch/',
    'app/http/',
    'app/domain/',
    'app/environment.server.ts',
    'db/',
    'db/errors.ts',
  ],
  'app/root.tsx': ['app/http/', 'app/ui/', 'app/styles.css'],
  'app/routes.ts': [],
  'app/routes/': ['app/dispatch/', 'app/http/', 'app/ui/', 'app/domain/', 'app/paths.ts'],
  'app/ui/': ['app/domain/', 'app/paths.ts'],
  'app/dispatch/': ['app/domain/'],
  // a database that is away is answered 503: its errors are known here
  'app/http/': ['app/domain/', 'app/paths.ts', 'app/environment.server.ts', 'db/errors.ts'],
  // a bad setting is a CannotStart
  'app/environment.server.ts': ['db/errors.ts'],
  'app/domain/': ['db/', 'db/errors.ts'],
  'app/paths.ts': [],
  'app/styles.css': [],
  'db/': ['db/errors.ts'],
  'db/errors.ts': [],
  'db/vocabulary.ts': [],
}

const partOf = (file: string): Part | undefined =>
  parts.find((part) => (part.endsWith('/') ? file.startsWith(part) : file === part))

const isAllowed = (from: Part, to: Part) =>
  from === to || to === 'db/vocabulary.ts' || mayImport[from].includes(to)

describe('imports', () => {
  test('every file has its place in the house', () => {
    expect(all.filter(({ file }) => !partOf(file)).map(({ file }) => file)).toEqual([])
  })

  test('point inward, and no folder imports back', () => {
    const wrong = all.flatMap(({ file, imports }) =>
      imports
        .filter((to) => !isAllowed(partOf(file) as Part, partOf(to) as Part))
        .map((to) => `${file} imports ${to}`),
    )
    expect(wrong).toEqual([])
  })

  test('of the ui reach only what a browser can run', () => {
    const reached = reach(
      modules,
      all.filter(({ file }) => partOf(file) === 'app/ui/').map(({ file }) => file),
    )
    const wrong = [...reached].filter((file) => {
      const packages = modules.get(file)?.packages ?? []
      return (
        file.includes('.server') || packages.some((name) => name.startsWith('node:') || name === 'libsql')
      )
    })
    expect(wrong).toEqual([])
  })

  test('of the domain and the dispatcher know no Request and no React', () => {
    const wrong = all
      .filter(({ file }) => /^(app\/(domain|dispatch)|db)\//.test(file))
      .flatMap(({ file, packages }) => packages.filter(isWeb).map((name) => `${file} imports ${name}`))
    expect(wrong).toEqual([])
  })

  test('db/vocabulary.ts imports nothing', () => {
    const { imports, packages } = modules.get('db/vocabulary.ts') as Module
    expect([...imports, ...packages]).toEqual([])
  })

  test('make no circle', () => {
    expect(cyclesIn(modules)).toEqual([])
  })
})

const isWeb = (name: string) =>
  /^(react|react-dom|@remix-run\/.*|@conform-to\/.*|remix-auth.*)(\/|$)/.test(name)

/**
 * Closing any handle of the database file or its log ends this process's lock on it, so nothing may open them but SQLite.
 * What opens other files is named here, with what it opens.
 */
const opensFiles: Record<string, string> = {
  'app/boot.server.ts': 'the session secret',
  'app/dispatch/adapters/command/process-table.ts': '/proc',
  'app/dispatch/adapters/command/run-process.ts': "an attempt's own files",
  'app/dispatch/adapters/command/work-folder.ts': "an attempt's own files",
  'app/domain/backup-file.server.ts': 'a copy that is restored, before it has the name of the database',
  'app/domain/backup-files.server.ts': 'a backup, after it was compared with the database file',
  'app/domain/backups.server.ts': 'the note of a restore that is staged',
  'db/claim-file.server.ts': "the owner's note",
  'db/lost-file.server.ts': 'the rescued copy',
  'db/migrate.server.ts': 'the migrations',
  'db/open-file.server.ts': "the owner's note, and the database before there is one",
}

test('no module opens files by itself but those that are known to leave the database file alone', () => {
  const opens =
    /\b(open|openSync|readFile|readFileSync|writeFile|writeFileSync|appendFile|appendFileSync|createReadStream|createWriteStream|copyFile|copyFileSync|cp|cpSync|truncate|truncateSync)\(/
  const found = all.filter(
    ({ text, packages }) =>
      packages.some((name) => /^(node:)?fs(\/promises)?$/.test(name)) && opens.test(text),
  )
  expect(found.map(({ file }) => file).sort()).toEqual(Object.keys(opensFiles).sort())
})

describe('only one place', () => {
  /** `UPDATE jobs`, `INSERT INTO jobs`, `DELETE FROM jobs`, and Drizzle's way to say so. */
  const writes = [
    [/\bUPDATE\s+(?:OR\s+\w+\s+)?jobs\b/i, 'UPDATE'],
    [/\b(?:INSERT(?:\s+OR\s+\w+)?|REPLACE)\s+INTO\s+jobs\b/i, 'INSERT'],
    [/\bDELETE\s+FROM\s+jobs\b/i, 'DELETE'],
    [/\.(?:update|insert|delete)\(\s*(?:schema\.)?jobs\s*\)/, 'Drizzle'],
  ] as const

  test('writes the jobs table for each way to write it', () => {
    const found = [...all, ...readModules(['scripts']).values()].flatMap(({ file, text }) =>
      writes.filter(([pattern]) => pattern.test(text)).map(([, how]) => `${how} in ${file}`),
    )
    expect(found.sort()).toEqual([
      'DELETE in app/domain/jobs/purge-statements.ts',
      'INSERT in app/domain/jobs/create.server.ts',
      'UPDATE in app/domain/jobs/transition.server.ts',
    ])
  })

  test('sends a batch: the write queue, what goes past it, reads of the newest rows, and migrations before it runs', () => {
    const found = all.filter(({ text }) =>
      /(?<!\b(?:paths|apiPaths))\.(?:batch|transaction|executeMultiple|migrate)\(/.test(text),
    )
    expect(found.map(({ file }) => file).sort()).toEqual([
      'db/claim-file.server.ts',
      'db/fresh.server.ts',
      'db/migrate.server.ts',
      'db/write-queue.server.ts',
      'db/writer.server.ts',
    ])
  })

  test('knows the codes and messages of database errors, of a file and of a server', () => {
    const names =
      /\b(SQLITE_[A-Z]|SQL_[A-Z]|HRANA_|STREAM_EXPIRED|TRANSACTION_[A-Z]|PROXY_ERROR|SERVER_ERROR|ARGS_INVALID|RESPONSE_TOO_LARGE|CLIENT_CLOSED|extendedCode|rawCode)|'BLOCKED'|constraint failed/
    const found = [...modules.keys(), ...filesIn('scripts')].filter((file) =>
      names.test(readFileSync(file, 'utf8')),
    )
    expect(found).toEqual(['db/errors.ts'])
  })

  test('knows time zones, days and what clocks show: app/domain/zones', () => {
    const computes =
      /\bIntl\.(DateTimeFormat|supportedValuesOf)|\.toLocale(Date|Time)String\(|\.[gs]et(UTC)?(Date|Day|Month|FullYear|Hours|Minutes)\(|\bDate\.UTC\(|getTimezoneOffset|toISOString\(\)\.(slice|startsWith|split)|\bstrftime\(|% *(dayMs|86_?400_?000)/
    const found = all.filter(({ text }) => computes.test(text)).map(({ file }) => file)
    expect(found.filter((file) => !file.startsWith('app/domain/zones/'))).toEqual([])
    expect(found.length).toBeGreaterThan(2)
    // a moment is read from text here, and as ISO 8601 where it says its offset itself
    const reads = all.filter(({ text }) => /\bDate\.parse\(/.test(text)).map(({ file }) => file)
    expect(reads.sort()).toEqual([
      'app/dispatch/adapters/openai/retry-after.ts',
      'app/domain/backup-files.server.ts',
      'app/domain/schedules/input.ts',
      'app/domain/zones/calendar.ts',
    ])
  })

  test('takes a form’s answer from the router, which forgets it as soon as the page is read again', () => {
    const found = all.filter(({ text }) => /\buseActionData\b/.test(text))
    expect(found.map(({ file }) => file)).toEqual(['app/ui/answer.ts'])
  })
})

describe('a word from outside', () => {
  const module = (text: string): Module => ({ file: 'x.ts', text, imports: [], packages: [] })

  test.each([
    'const table: Record<string, number> = { a: 1 }; table[word]',
    'const table: Partial<Record<string, number>> = { a: 1 }; table[word.toLowerCase()]',
    'table[word as keyof typeof table]',
    '(value as Record<string, unknown>)[word]',
    'word in table',
  ])('is found where it is looked up unsafely: %s', (code) => {
    expect(unsafeLookups([module(code)])).toHaveLength(1)
  })

  test('is looked up by lookup() alone, for which `constructor` is a word like any other', () => {
    const own = ['app/domain/lookup.ts: table[word as keyof Table]']
    // the first is a place in an array
    const places = ['app/dispatch/adapters/toolbox/json-path.ts: at in value']
    expect(unsafeLookups(all).sort()).toEqual([...places, ...own])
  })
})

describe('files', () => {
  const folders = ['app', 'db', 'scripts', 'tests']

  test('no folder is named utils, helpers or lib', () => {
    const names = new Set(folders.flatMap(filesIn).flatMap((file) => dirname(file).split('/')))
    expect([...names].filter((name) => /^(utils?|helpers?|libs?|common|shared|misc)$/i.test(name))).toEqual(
      [],
    )
  })

  test('are of one idea, and so no longer than 300 lines', () => {
    const code = [...all, ...readModules(['scripts']).values()]
    const long = code.map(({ file, text }) => ({ file, lines: text.split('\n').length - 1 }))
    expect(long.filter(({ lines }) => lines > 300)).toEqual([])
  })
})
