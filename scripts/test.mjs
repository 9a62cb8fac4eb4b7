/**
 * `npm test`: types, lint and the build; then unit and integration tests; then the browser, and a start in a clean clone.
 * All of them run even when one fails, but a failed build leaves out what needs it. Types, lint, build and the cold start
 * count as one each. The last line is `N passed, N failed`; the exit code is 0 only where nothing failed and every runner
 * ran something.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

/** @typedef {{ passed: number, failed: number }} Count */
/** @typedef {{ name: string, args: string[], count?: () => Count }} Part `args` of node; without `count` it counts as one */

const reports = mkdtempSync(join(tmpdir(), 'docket-test-'))
const unitReport = join(reports, 'unit.json')
const e2eReport = join(reports, 'e2e.json')

const build = { name: 'build', args: ['scripts/setup.mjs', 'build'] }
/**
 * The parts of a stage run at the same time, so that both cores are busy. The output of the first is shown as it comes,
 * that of the others after it.
 * @type {Part[][]}
 */
const stages = [
  [
    { name: 'types', args: ['node_modules/typescript/bin/tsc', '--noEmit'] },
    { name: 'lint', args: ['node_modules/@biomejs/biome/bin/biome', 'ci', '.'] },
    build,
  ],
  [
    {
      name: 'unit and integration',
      args: ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json'].concat(
        `--outputFile.json=${unitReport}`,
      ),
      count: () => countVitest(unitReport),
    },
  ],
  [
    {
      name: 'end to end',
      args: ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'],
      count: () => countPlaywright(e2eReport),
    },
    { name: 'cold start in a clean clone', args: ['scripts/cold-start.mjs'] },
  ],
]

/** @type {Set<(signal: NodeJS.Signals) => void>} ends what runs, with all it started */
const running = new Set()
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => {
    for (const end of running) end(signal)
    rmSync(reports, { recursive: true, force: true })
    process.exit(1)
  })
}

const began = performance.now()
let passed = 0
let failed = 0
let isBuilt = true
const summary = []
for (const stage of stages) {
  if (!isBuilt) {
    summary.push(...stage.map(({ name }) => `${name}: not run, since the build failed`))
    continue
  }
  const results = await Promise.all(stage.map((part, at) => runPart(part, at === 0)))
  for (const [at, { output, seconds, ...result }] of results.entries()) {
    const { name } = /** @type {Part} */ (stage[at])
    if (at > 0) console.log(`\n== ${name}\n${output}`)
    passed += result.passed
    failed += result.failed
    if (name === build.name) isBuilt = result.failed === 0
    summary.push(`${name}: ${result.passed} passed, ${result.failed} failed (${seconds} s)`)
  }
}
const slowest = slowestFiles(10).map(({ name, ms }) => `${secondsOf(ms).padStart(6)} s  ${name}`)
rmSync(reports, { recursive: true, force: true })

if (slowest.length > 0) console.log(`\nThe slowest files:\n${slowest.join('\n')}`)
console.log(`\n${summary.join('\n')}\nall of it: ${secondsOf(performance.now() - began)} s\n`)
process.exitCode = failed > 0 ? 1 : 0
console.log(`${passed} passed, ${failed} failed`)

/**
 * @param {Part} part
 * @param {boolean} isShown whether its output is shown as it comes
 */
async function runPart({ name, args, count }, isShown) {
  if (isShown) console.log(`\n== ${name}`)
  const start = performance.now()
  const { ok, output } = await run(args, isShown)
  return { output, seconds: secondsOf(performance.now() - start), ...settle(ok, count?.()) }
}

/** @param {number} ms */
function secondsOf(ms) {
  return (ms / 1000).toFixed(1)
}

/**
 * A runner's exit code and its report, as one count: a crash, a missing report, or a report without a single test is a
 * failure even where the report names none.
 * @param {boolean} ok
 * @param {Count | undefined} [count]
 * @returns {Count}
 */
function settle(ok, count = ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }) {
  const wrong = count.failed === 0 && (!ok || count.passed === 0)
  return wrong ? { passed: count.passed, failed: 1 } : count
}

/**
 * @param {string} path
 * @returns {Count}
 */
function countVitest(path) {
  const report = readReport(path)
  if (!report) return { passed: 0, failed: 1 }
  // A file that could not even be loaded has no tests to count
  const broken = report.testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
      file.status === 'failed' && file.assertionResults.length === 0,
  )
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length }
}

/**
 * @param {string} path
 * @returns {Count}
 */
function countPlaywright(path) {
  const report = readReport(path)
  if (!report) return { passed: 0, failed: 1 }
  const { expected, unexpected, flaky } = report.stats
  return { passed: expected, failed: unexpected + flaky + report.errors.length }
}

/**
 * The test files that took longest, by what both runners reported.
 * @param {number} most
 * @returns {{ name: string, ms: number }[]}
 */
function slowestFiles(most) {
  /** @typedef {{ tests: { results: { duration: number }[] }[] }} Spec */
  /** @typedef {{ file: string, specs: Spec[], suites?: Suite[] }} Suite */
  /** @type {(suite: Suite) => number} */
  const durationOf = ({ specs, suites = [] }) =>
    specs
      .flatMap(({ tests }) => tests.flatMap(({ results }) => results.map(({ duration }) => duration)))
      .concat(suites.map(durationOf))
      .reduce((sum, ms) => sum + ms, 0)
  const files = [
    ...(readReport(unitReport)?.testResults ?? []).map(
      (/** @type {{ name: string, startTime: number, endTime: number }} */ { name, startTime, endTime }) => ({
        name: relative('.', name),
        ms: endTime - startTime,
      }),
    ),
    ...(readReport(e2eReport)?.suites ?? []).map((/** @type {Suite} */ suite) => ({
      name: `tests/e2e/${suite.file}`,
      ms: durationOf(suite),
    })),
  ]
  return files.sort((a, b) => b.ms - a.ms).slice(0, most)
}

/** @param {string} path */
function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

/**
 * @param {string[]} args of node
 * @param {boolean} isShown whether its output is shown as it comes
 * @returns {Promise<{ ok: boolean, output: string }>} whether it exited with 0, and its output where that is not shown
 */
function run(args, isShown) {
  // The machine's own settings (.env, NODE_ENV) must not decide what passes
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, NODE_ENV: 'test', ENV_FILE: '', PLAYWRIGHT_JSON_OUTPUT_FILE: e2eReport }
  // What is not on the terminal gets a process group: a signal then reaches whatever it started
  const inGroup = !isShown && process.platform !== 'win32'
  return new Promise((resolve) => {
    /** @type {import('node:child_process').StdioOptions} */
    const stdio = isShown ? 'inherit' : ['ignore', 'pipe', 'pipe']
    const child = spawn(process.execPath, args, { stdio, detached: inGroup, env })
    const end = (/** @type {NodeJS.Signals} */ signal) => {
      try {
        if (inGroup && child.pid) process.kill(-child.pid, signal)
        else child.kill(signal)
      } catch {
        // It is gone already
      }
    }
    running.add(end)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text
      })
    }
    const settled = (/** @type {boolean} */ ok) => {
      running.delete(end)
      resolve({ ok, output: output.trimEnd() })
    }
    child.on('error', () => settled(false))
    child.on('close', (code) => settled(code === 0))
  })
}
