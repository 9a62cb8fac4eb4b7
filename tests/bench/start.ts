import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ADMIN, freePort } from '../support/server'
import { median, ms, percentile, print } from './measure'

const serverRuns = 20
const npmRuns = 5
const giveUpMs = 120_000
/** What the issue asks for, on two cores. */
const limits = { server: 600, npm: 1500 }

const serve = [
  '--import',
  './scripts/environment.mjs',
  'node_modules/@remix-run/serve/dist/cli.js',
  './build/server/index.js',
]

/** From the start of the server's process to the first page that it answers, on a migrated database. */
export const start = () => measure('the server process', serverRuns, limits.server, process.execPath, serve)

/** The same of `npm start` as a whole, already built. */
export const npmStart = () => measure('npm start, already built', npmRuns, limits.npm, 'npm', ['start'])

async function measure(
  what: string,
  runs: number,
  limit: number,
  program: string,
  args: string[],
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'docket-bench-'))
  try {
    // makes the database, fills the disk's caches, and builds where the build is stale
    await firstPage(program, args, folder)
    const taken: number[] = []
    for (let n = 0; n < runs; n++) taken.push(await firstPage(program, args, folder))
    print(`From the start to the first page answered, ${runs} runs`, [
      {
        what,
        value: `median ${ms(median(taken))}, worst ${ms(percentile(taken, 1))}`,
        against: `the ${limit} ms asked for`,
        ratio: median(taken) / limit,
      },
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function firstPage(program: string, args: string[], folder: string): Promise<number> {
  const port = await freePort()
  const startedAt = performance.now()
  const child = spawn(program, args, {
    // a group of its own: npm has children
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      ENV_FILE: '',
      NODE_ENV: 'production',
      PORT: String(port),
      HOST: '127.0.0.1',
      DATABASE_URL: `file:${join(folder, 'docket.db')}`,
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
    },
  })
  const exited = once(child, 'exit')
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  try {
    while (performance.now() - startedAt < giveUpMs) {
      if (await answers(port)) return performance.now() - startedAt
      if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}: ${said}`)
      await pause(2)
    }
    throw new Error(`${program} answered no page within ${giveUpMs} ms`)
  } finally {
    process.kill(-(child.pid ?? 0), 'SIGTERM')
    await exited
    await released(port)
  }
}

/** Whether /login is answered whole. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path: '/login', agent: false }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode === 200))
    })
    asked.once('error', () => resolve(false))
    asked.end()
  })
}

/** Behind npm the server may take a moment longer than npm itself. */
async function released(port: number): Promise<void> {
  for (let tries = 0; tries < 500 && (await answers(port)); tries++) await pause(20)
}
