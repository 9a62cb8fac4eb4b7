/**
 * `npm test`: types, lint, unit and integration tests, then the browser, then a start in a clean clone, all of them even when
 * one fails. Types, lint and the cold start count as one each. The last line is `N passed, N failed`; the exit code is 0 only where nothing failed and every
 * runner ran something.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** @typedef {{ passed: number, failed: number }} Count */

const reports = mkdtempSync(join(tmpdir(), 'docket-test-'))
const unitReport = join(reports, 'unit.json')
const e2eReport = join(reports, 'e2e.json')

const biome = 'node_modules/@biomejs/biome/bin/biome'
const parts = [
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '--noEmit'] },
  { name: 'lint', args: [biome, 'ci', '.'] },
  {
    name: 'unit and integration',
    args: ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json'].concat(
      `--outputFile.json=${unitReport}`,
    ),
    count: () => countVitest(unitReport),
  },
  {
    name: 'end to end',
    args: ['node_modules/@playwright/test/cli.js', 'test', '--reporter=list,json'],
    count: () => countPlaywright(e2eReport),
  },
  { name: 'cold start in a clean clone', args: ['scripts/cold-start.mjs'] },
]

/** @type {import('node:child_process').ChildProcess | undefined} */
let running
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => {
    running?.kill(signal)
    rmSync(reports, { recursive: true, force: true })
    process.exit(1)
  })
}

let passed = 0
let failed = 0
const summary = []
for (const { name, args, count } of parts) {
  console.log(`\n== ${name}`)
  const began = performance.now()
  const ok = await run(args)
  const result = settle(ok, count?.())
  passed += result.passed
  failed += result.failed
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  summary.push(`${name}: ${result.passed} passed, ${result.failed} failed (${seconds} s)`)
}
rmSync(reports, { recursive: true, force: true })

console.log(`\n${summary.join('\n')}\n`)
process.exitCode = failed > 0 ? 1 : 0
console.log(`${passed} passed, ${failed} failed`)

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

/** @param {string} path */
function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

/**
 * @param {string[]} args of node
 * @returns {Promise<boolean>} whether it exited with 0
 */
function run(args) {
  // The machine's own settings (.env, NODE_ENV) must not decide what passes
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, NODE_ENV: 'test', ENV_FILE: '', PLAYWRIGHT_JSON_OUTPUT_FILE: e2eReport }
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: 'inherit', env })
    child.on('error', () => resolve(false))
    child.on('exit', (code) => resolve(code === 0))
    running = child
  })
}
