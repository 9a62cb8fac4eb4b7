/**
 * Does what a newcomer does: clones this repository at HEAD into a new folder and runs `npm start` there, as the first
 * command and with none of Docket's settings; waits for the setup link, opens it, stops, and starts once more, built.
 * Prints how long each took. With `test` it runs `npm test` in the clone instead. Uncommitted work is not part of it.
 *
 *   node scripts/cold-start.mjs [start|test]
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const folder = mkdtempSync(join(tmpdir(), 'docket-cold-'))
const clone = join(folder, 'docket')
const DEADLINE_MS = 5 * 60_000

/** @type {import('node:child_process').ChildProcess | undefined} */
let running
process.on('exit', () => {
  if (running) signal(running, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})
for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(name, () => process.exit(1))

if (existsSync(join(root, '.git'))) {
  const cloned = spawnSync('git', ['clone', '--quiet', root, clone], { stdio: 'inherit' })
  if (cloned.status !== 0) stopWith('The repository could not be cloned.')
} else {
  // a downloaded archive: what a start leaves behind stays out of the copy
  const made = ['node_modules', 'build', 'data', '.env'].map((name) => join(root, name))
  cpSync(root, clone, { recursive: true, filter: (source) => !made.includes(source) })
}

if (process.argv[2] === 'test') {
  const tests = npm(['test'], {})
  running = tests
  const [code] = await once(tests, 'exit')
  running = undefined
  process.exit(code ?? 1)
}

const port = await freePort()
const first = await start(port)
console.log(`npm start, the first time: answers after ${first.seconds} s`)
const link = /https?:\/\/\S*\/setup\S*/.exec(first.output())?.[0]
if (!link) stopWith(`No setup link was printed:\n${first.output()}`)
const setup = await fetch(link)
if (!setup.ok || !/<form/i.test(await setup.text())) stopWith(`${link} shows no form (${setup.status}).`)
await first.stop()

const second = await start(port)
console.log(`npm start, built and migrated: answers after ${second.seconds} s`)
await second.stop()

/**
 * Runs `npm start` until the server answers.
 * @param {number} port
 */
async function start(port) {
  const began = performance.now()
  const child = npm(['start'], { PORT: String(port) })
  running = child
  let written = ''
  let exited = false
  child.on('exit', () => {
    exited = true
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk) => {
      written += chunk
    })
  }
  while (!(await answers(`http://127.0.0.1:${port}/healthz`))) {
    if (exited) stopWith(`npm start ended:\n${written}`)
    if (performance.now() - began > DEADLINE_MS) stopWith(`npm start took too long:\n${written}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return {
    seconds: ((performance.now() - began) / 1000).toFixed(2),
    output: () => written,
    async stop() {
      signal(child, 'SIGTERM')
      if (!exited) await once(child, 'exit')
      running = undefined
    },
  }
}

/**
 * npm in the clone, as the leader of its own process group.
 * @param {string[]} args
 * @param {Record<string, string>} settings
 * @returns {import('node:child_process').ChildProcess}
 */
function npm(args, settings) {
  const ours =
    /^(DATABASE_|SESSION_SECRET|ADMIN_|APP_ORIGIN|SIGNUP|TRUST_PROXY|LOG_LEVEL|ENV_FILE|HOST$|PORT$)/
  const npms = /^(NODE_ENV|NODE_OPTIONS|INIT_CWD|npm_(package|lifecycle|execpath|command))/
  const env = { ...process.env }
  for (const name of Object.keys(env)) if (ours.test(name) || npms.test(name)) delete env[name]
  return spawn('npm', args, {
    cwd: clone,
    // what npm has fetched before need not be fetched again
    env: { npm_config_prefer_offline: 'true', ...env, ...settings },
    detached: true,
    stdio: args[0] === 'test' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  })
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} name
 */
function signal(child, name) {
  try {
    if (child.pid) process.kill(-child.pid, name)
  } catch {
    // It is gone already
  }
}

/** @param {string} url */
async function answers(url) {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  )
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

/**
 * @param {string} message
 * @returns {never}
 */
function stopWith(message) {
  console.error(message)
  process.exit(1)
}
