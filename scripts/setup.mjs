/**
 * What `npm start`, `npm test` and friends do first: `npm ci` where node_modules/ is missing or stale, and, asked for
 * `build`, `npm run build` where build/ is. It may import nothing from npm, since nothing may be there yet.
 *
 *   node scripts/setup.mjs install          packages
 *   node scripts/setup.mjs install build    packages, then the build
 *
 * Says nothing when all is fresh.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const at = (/** @type {string} */ path) => join(root, path)

const LOCKFILE = at('package-lock.json')
const INSTALLED = at('node_modules/.package-lock.json')
const INSTALL_STAMP = at('node_modules/.docket-stamp')
const BUILD_STAMP = at('build/.stamp')
const BUILD_SOURCES = [
  'app',
  'db',
  'public',
  'vite.config.ts',
  'remix.config.js',
  'tsconfig.json',
  'package-lock.json',
]
const PLATFORM = `${process.platform}-${process.arch}`

requireNode()
const wanted = process.argv.slice(2)
if (wanted.includes('install') && !isInstalled()) install()
if (wanted.includes('build') && !isBuilt()) build()

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  fail(`Docket needs Node 20.19 or newer; this is Node ${process.versions.node}. See https://nodejs.org.`)
}

/** True where node_modules/ holds what package-lock.json asks for, whoever put it there. */
function isInstalled() {
  if (!existsSync(INSTALLED)) return false
  const stamp = `${PLATFORM} ${sha256(readFileSync(LOCKFILE))}`
  const found = read(INSTALL_STAMP)
  // npm rewrites its own record at each install or prune: one newer than our stamp must be looked at again
  if (found === stamp && modifiedAt(INSTALLED) <= modifiedAt(INSTALL_STAMP)) return true
  if (found !== undefined && !found.startsWith(`${PLATFORM} `)) return false
  if (!holdsEveryPackage()) return false
  writeFileSync(INSTALL_STAMP, stamp)
  return true
}

/** Compares npm's record of what it installed with package-lock.json; a dev who ran npm himself keeps his install. */
function holdsEveryPackage() {
  const locked = JSON.parse(readFileSync(LOCKFILE, 'utf8')).packages
  const installed = JSON.parse(readFileSync(INSTALLED, 'utf8')).packages
  return Object.keys(locked).every((path) => {
    if (path === '') return true
    const { version, optional, devOptional } = locked[path]
    const present = installed[path]
    return present ? present.version === version : Boolean(optional || devOptional)
  })
}

function install() {
  console.log('Docket: installing packages (npm ci). This takes a moment the first time.')
  // --include=dev: the build needs them, and NODE_ENV=production would leave them out
  const { status } = npm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: 'inherit',
  })
  if (status !== 0) {
    fail(
      'Docket: npm could not install the packages; its own words are above. This one step needs the network: where ' +
        'that was the reason, check the connection (or the proxy, or the registry) and run the same command again.',
    )
  }
  writeFileSync(INSTALL_STAMP, `${PLATFORM} ${sha256(readFileSync(LOCKFILE))}`)
}

/** True where build/ was made from these sources. Dates and sizes first; contents only where those differ. */
function isBuilt() {
  if (!existsSync(at('build/server/index.js'))) return false
  const [dates, contents] = (read(BUILD_STAMP) ?? '').split('\n')
  const sources = listSources()
  const datesNow = hashDates(sources)
  if (dates === datesNow) return true
  if (contents !== hashContents(sources)) return false
  writeFileSync(BUILD_STAMP, `${datesNow}\n${contents}\n`)
  return true
}

function build() {
  console.log('Docket: building.')
  rmSync(BUILD_STAMP, { force: true })
  // Hashed before the build, so that a file saved while it runs makes the next start build again
  const sources = listSources()
  const stamp = `${hashDates(sources)}\n${hashContents(sources)}\n`
  const { status, stdout, stderr } = npm(['run', '--silent', 'build'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  if (status !== 0) {
    process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`)
    fail('Docket: the build failed; what it said is above.')
  }
  writeFileSync(BUILD_STAMP, stamp)
}

/** @returns {string[]} every file the build is made from, in a stable order */
function listSources() {
  return BUILD_SOURCES.flatMap((path) => {
    if (!existsSync(at(path))) return []
    if (!statSync(at(path)).isDirectory()) return [path]
    return readdirSync(at(path), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .sort()
  }).map((path) => (path.startsWith(root) ? path : at(path)))
}

/** @param {string[]} files */
function hashDates(files) {
  return sha256(
    files
      .map((file) => {
        const { mtimeMs, size } = statSync(file)
        return `${file} ${mtimeMs} ${size}`
      })
      .join('\n'),
  )
}

/** @param {string[]} files */
function hashContents(files) {
  return sha256(files.map((file) => `${file.slice(root.length)} ${sha256(readFileSync(file))}`).join('\n'))
}

/** @param {string | Buffer} data */
function sha256(data) {
  return createHash('sha256').update(data).digest('hex')
}

/** @param {string} path */
function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

/** @param {string} path */
function modifiedAt(path) {
  return statSync(path).mtimeMs
}

/**
 * Runs the npm that runs us, or else the one on PATH.
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} options
 */
function npm(args, options) {
  const cli = process.env.npm_execpath
  const all = { cwd: root, maxBuffer: 64 * 1024 * 1024, ...options }
  return cli?.endsWith('npm-cli.js')
    ? spawnSync(process.execPath, [cli, ...args], all)
    : spawnSync('npm', args, { ...all, shell: process.platform === 'win32' })
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(`\n${message}`)
  process.exit(1)
}
