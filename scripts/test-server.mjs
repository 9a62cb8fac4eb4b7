/**
 * `npm run test:server`: tests on a real libSQL server, whose addresses LIBSQL_SERVER and LIBSQL_ADMIN name. See
 * tests/support/real-server.ts.
 *
 *   npm run test:server                     tests/domain, tests/routes and tests/dispatch
 *   npm run test:server -- tests/domain     some of them: arguments are vitest's
 *   npm run test:server -- e2e              the browser's; further arguments are Playwright's
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const { LIBSQL_SERVER, LIBSQL_ADMIN } = process.env
if (!LIBSQL_SERVER || !LIBSQL_ADMIN) {
  console.error(
    'Set LIBSQL_SERVER and LIBSQL_ADMIN to the two addresses of a libSQL server that has namespaces: sqld --enable-namespaces --http-listen-addr 127.0.0.1:8080 --admin-listen-addr 127.0.0.1:8081',
  )
  process.exit(1)
}
const [first, ...more] = process.argv.slice(2)
const folders = ['tests/domain', 'tests/routes', 'tests/dispatch']
const vitest = [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--project',
  'unit',
  ...(first ? [first, ...more] : folders),
]
const folder = mkdtempSync(join(tmpdir(), 'docket-namespaces-'))
const namespaces = join(folder, 'names')
writeFileSync(namespaces, '')
const { status } = spawnSync(
  process.execPath,
  first === 'e2e' ? ['node_modules/@playwright/test/cli.js', 'test', '--workers=1', ...more] : vitest,
  {
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'test', ENV_FILE: '', LIBSQL_NAMESPACES: namespaces },
  },
)
process.exitCode = status ?? 1
for (const name of readFileSync(namespaces, 'utf8').split('\n').filter(Boolean)) {
  await fetch(new URL(`/v1/namespaces/${name}`, LIBSQL_ADMIN), { method: 'DELETE' })
}
rmSync(folder, { recursive: true })
