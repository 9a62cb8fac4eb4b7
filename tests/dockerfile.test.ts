import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** The Dockerfile as text, and its commands as far as they need no container. */

interface Instruction {
  name: string
  text: string
}

/** Its stages, each with its instructions; comments and line continuations are gone. */
const stages = readFileSync('Dockerfile', 'utf8')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split(/^(?=FROM )/m)
  .map((stage) =>
    stage
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line): Instruction => {
        const [, name = '', text = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? []
        return { name, text }
      }),
  )
  .filter((stage) => stage.length > 0)
const [build = [], image = []] = stages
const textsOf = (stage: Instruction[], name: string) =>
  stage.filter((each) => each.name === name).map(({ text }) => text)
const [commands = []] = textsOf(build, 'RUN')
  .map((text) => text.split(' && '))
  .filter(([first]) => first === 'npm run build')

test('both stages are of the same Node 24, and the lockfile decides what is installed', () => {
  expect(stages.map(([from]) => from?.text)).toEqual(['node:24-slim AS build', 'node:24-slim'])
  expect(textsOf(build, 'RUN')[0]).toMatch(/^npm ci --include=dev /)
})

test('the server runs as a user to whom only the folder of its data belongs', () => {
  expect(textsOf(image, 'USER')).toEqual(['node'])
  expect(textsOf(image, 'COPY')).toEqual(['--from=build /docket ./'])
  expect(textsOf(image, 'RUN')).toEqual(['mkdir /data && chown node:node /data'])
  expect(textsOf(image, 'VOLUME')).toEqual(['/data'])
  expect(textsOf(image, 'ENV').join()).toContain('DATABASE_URL=file:/data/docket.db')
  // whatever the modes were where the image is built, everybody can read the files, and only root can change them
  expect(commands.at(-1)).toBe('chmod -R a+rX,go-w .')
})

describe('what the image is made of', () => {
  interface Locked {
    version: string
    dev?: boolean
  }
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, Locked>
  }
  /** The packages without their code: what licenses and bills of materials are made of. */
  const folder = mkdtempSync(join(tmpdir(), 'docket-image-'))
  const installed: string[] = []

  beforeAll(() => {
    mkdirSync(join(folder, 'scripts'))
    for (const file of ['package.json', 'package-lock.json', 'scripts/notices.mjs'])
      copyFileSync(file, join(folder, file))
    for (const [path, { dev }] of Object.entries(packages)) {
      const files = path === '' ? [] : filesIn(path)
      if (!files.includes('package.json')) continue
      if (!dev) installed.push(`${path.split('node_modules/').at(-1)}@${packages[path]?.version}`)
      mkdirSync(join(folder, path), { recursive: true })
      for (const file of files.filter((each) => /^(package\.json$|licen[cs]e|copying|notice)/i.test(each)))
        copyFileSync(join(path, file), join(folder, path, file))
    }
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const filesIn = (path: string) => {
    try {
      return readdirSync(path, { withFileTypes: true }).flatMap((each) => (each.isFile() ? [each.name] : []))
    } catch {
      return []
    }
  }
  const run = (command: string | undefined) => execFileSync('sh', ['-c', command as string], { cwd: folder })
  const made = (file: string) => readFileSync(join(folder, file), 'utf8')

  test('licenses and a bill of materials name every package that is installed', { timeout: 60_000 }, () => {
    expect(commands.map((each) => each.split(' ').slice(0, 2).join(' '))).toEqual([
      ...['npm run', 'node scripts/notices.mjs', 'npm prune', 'npm pkg', 'npm sbom', 'chmod -R'],
    ])
    const [, notices, , withoutDev, bill] = commands
    run(notices)
    // what `npm prune` does
    for (const [path, { dev }] of Object.entries(packages))
      if (dev) rmSync(join(folder, path), { recursive: true, force: true })
    run(withoutDev)
    run(bill)

    const text = made('THIRD-PARTY-NOTICES.txt')
    const headings = text.split(/^-{80}$/m).map((part) => part.trim().split('\n')[0] ?? '')
    const listed = headings.map((each) => each.replace(/ (\S+)$/, '@$1'))
    expect(installed.length).toBeGreaterThan(200)
    expect(installed.filter((each) => !listed.includes(each))).toEqual([])
    for (const name of ['lucide-react', 'tailwindcss', 'vite', 'react', '@fontsource-variable/inter'])
      expect(
        headings.some((each) => each.startsWith(`${name} `)),
        name,
      ).toBe(true)
    expect(text).toContain('SIL OPEN FONT LICENSE')
    expect(text).not.toContain('License: undefined')

    const { bomFormat, metadata, components } = JSON.parse(made('sbom.cdx.json')) as {
      bomFormat: string
      metadata: { component: { type: string; version: string } }
      components: { name: string; version: string; licenses?: unknown[] }[]
    }
    expect([bomFormat, metadata.component.type]).toEqual(['CycloneDX', 'application'])
    const named = components.map(({ name, version }) => `${name}@${version}`)
    expect(named.toSorted()).toEqual([...new Set(installed)].toSorted())
    expect(components.filter(({ licenses }) => !licenses?.length)).toEqual([])
  })
})
