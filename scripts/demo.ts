/**
 * `npm run demo`: the same server on a database of its own, filled with a month of jobs. Each run fills it anew;
 * `npm run demo -- --keep` goes on with the one of the last run.
 */
import './environment.mjs'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { CannotStart, openDatabase } from '~db/client.server'
import { migrate } from '~db/migrate.server'
import { admin, password, users } from './demo/cast'
import { fillDemo } from './demo/fill'

const file = join(process.cwd(), 'data', 'demo', 'docket.db')
const url = `file:${file}`

try {
  if (!(process.argv.includes('--keep') && existsSync(file))) await fill()
} catch (error) {
  if (!(error instanceof CannotStart)) throw error
  process.stderr.write(`The demo can't start.\n${error.message}\n`)
  process.exit(1)
}
console.log(signIns())
await serve()

async function fill() {
  // a demo that still runs must not lose its file: opening asks whether anybody owns it
  if (existsSync(file)) (await openDatabase({ url, ownerWaitMs: 500 })).close()
  rmSync(dirname(file), { recursive: true, force: true })
  mkdirSync(dirname(file), { recursive: true })
  console.log('Docket: filling data/demo/docket.db with a month of jobs. This takes a few seconds.')
  const db = await openDatabase({ url })
  try {
    await migrate(db)
    const { jobs, logRows } = await fillDemo({ db }, Date.now())
    console.log(`Docket: ${jobs} jobs with ${logRows.toLocaleString('en')} log rows.`)
  } finally {
    await db.release().catch(() => undefined)
    db.close()
  }
}

function signIns() {
  // the admin has few jobs of her own
  const people = [...users, admin].map(
    ({ name, email, role }) => `  ${email.padEnd(20)} ${name}${role === 'ADMIN' ? ', admin' : ''}`,
  )
  return `\nSign in as any of them, with the password: ${password}\n\n${people.join('\n')}\n`
}

/** As `npm start` does, in this process: so a signal reaches one process, once, and nothing is left behind. */
async function serve() {
  process.env.DATABASE_URL = url
  const cli = createRequire(import.meta.url).resolve('@remix-run/serve/dist/cli.js')
  process.argv = [process.argv[0] ?? 'node', cli, './build/server/index.js']
  await import(cli)
}
