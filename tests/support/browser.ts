import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { chromium } from '@playwright/test'

/** What Playwright's `launch` needs to start a browser. */
export type Browser = {
  executablePath: string
  args: string[]
  env: Record<string, string | undefined>
}

const run = promisify(execFile)

const NODE_MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url))

/** Runs as root and in containers, and asks the network for nothing but the pages under test. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const ON_PATH = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
]

const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/**
 * Finds a Chromium: CHROMIUM_PATH, one that is installed, Playwright's own, and at last the one that comes by npm
 * (`@sparticuz/chromium`, Linux only), unpacked once under node_modules/.cache.
 * @throws Error saying what to do, where there is none
 */
export async function findBrowser(): Promise<Browser> {
  const named = process.env.CHROMIUM_PATH
  if (named && !isExecutable(named)) throw new Error(`CHROMIUM_PATH names no program: ${named}`)
  const executablePath = named || (await findInstalled()) || findPlaywrights()
  if (!executablePath) return unpackFromNpm()
  // Playwright's workers ask again: they need not search again
  process.env.CHROMIUM_PATH = executablePath
  return { executablePath, args: ARGS, env: process.env }
}

async function findInstalled() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  for (const name of ON_PATH) {
    const path = folders.map((folder) => join(folder, name)).find(isExecutable)
    if (path && (await answers(path))) return path
  }
  return APPLICATIONS.find(isExecutable)
}

/** Some systems put a script called chromium on PATH that only says how to install it. */
async function answers(path: string) {
  return run(path, ['--version', '--no-sandbox'], { timeout: 20_000 }).then(
    () => true,
    () => false,
  )
}

/** Playwright names the whole Chromium; `playwright install --only-shell` puts the headless shell beside it. */
function findPlaywrights() {
  const whole = chromium.executablePath()
  if (isExecutable(whole)) return whole
  const [, cache, revision] = /^(.*)[/\\]chromium-(\d+)[/\\]/.exec(whole) ?? []
  const shell = join(cache ?? '', `chromium_headless_shell-${revision}`)
  if (!cache || !existsSync(shell)) return undefined
  return readdirSync(shell)
    .flatMap((folder) => ['headless_shell', 'chrome-headless-shell'].map((name) => join(shell, folder, name)))
    .find(isExecutable)
}

/**
 * Unpacks `@sparticuz/chromium`. It writes into TMPDIR, shared with everyone, and takes its libraries out only where it
 * believes to be on AWS Lambda: a process of its own is told both, and this one's environment stays as it is.
 */
export async function unpackFromNpm(): Promise<Browser> {
  const { version } = JSON.parse(
    readFileSync(join(NODE_MODULES, '@sparticuz/chromium/package.json'), 'utf8'),
  ) as { version: string }
  const cache = join(NODE_MODULES, '.cache')
  const folder = join(cache, `chromium-${version}`)
  if (!existsSync(folder)) {
    await mkdir(cache, { recursive: true })
    const unpacked = await mkdtemp(join(cache, 'unpack-'))
    await run(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        'await (await import("@sparticuz/chromium")).default.executablePath()',
      ],
      {
        cwd: dirname(NODE_MODULES),
        env: { ...process.env, TMPDIR: unpacked, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
      },
    )
    // Its own file looks for fonts in /tmp only
    await writeFile(join(unpacked, 'fonts', 'fonts.conf'), fontsConfig(folder))
    // Another process may have been faster; its copy is as good
    await rename(unpacked, folder).catch(() => rm(unpacked, { recursive: true, force: true }))
  }
  const executablePath = join(folder, 'chromium')
  const libraries = join(folder, 'al2023', 'lib')
  const env = {
    ...process.env,
    FONTCONFIG_PATH: join(folder, 'fonts'),
    LD_LIBRARY_PATH: [libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
  }
  await run(executablePath, ['--version', '--no-sandbox'], { env }).catch((cause) => {
    throw new Error(
      'No browser found, and the one that comes by npm does not run here. Install Chromium or Chrome, or run ' +
        '`npx playwright install chromium`, or set CHROMIUM_PATH.',
      { cause },
    )
  })
  return { executablePath, args: [...ARGS, '--no-zygote', '--disable-webgl'], env }
}

function fontsConfig(folder: string) {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`
}

function isExecutable(path: string) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
