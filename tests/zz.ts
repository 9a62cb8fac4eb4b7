import { readFileSync, mkdtempSync, rmSync } from 'node:fs'
import { Client } from './support/client'
import { startServer } from './support/server'
import { openDatabase } from '~db/client.server'
import { migrate } from '~db/migrate.server'
import { fillDemo } from '../scripts/demo/fill'
const dir = mkdtempSync('/tmp/docket-helper-fill/')
const db = await openDatabase({ url: `file:${dir}/docket.db` }); await migrate(db); const t0=performance.now(); await fillDemo({ db }, Date.now()); console.log('fill', performance.now()-t0); await db.release(); db.close()
const server = await startServer({ dataDir: dir, env: { LOG_LEVEL: 'warn' } })
const rss = () => Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1])/1024)
const client = new Client(server.origin)
await client.postForm('/login', { email: 'olivia@example.com', password: 'just looking around' })
const list = await (await client.get('/jobs')).text()
const ids = [...new Set([...list.matchAll(/href="\/jobs\/([0-9a-z]{26})"/g)].map((m) => m[1]))]
for (const id of ids.slice(0, 5)) {
  for (const path of [`/jobs/${id}`, `/jobs/${id}.data`]) {
  const before = rss(); const t = performance.now(); let status = 0, size = 0
  for (let n = 0; n < 150; n++) { const r = await client.get(path); size = (await r.text()).length; status = r.status }
  console.log(path, status, size, before, '->', rss(), 'MB', Math.round((performance.now() - t)/150), 'ms each') }
}
await server.dispose(); rmSync(dir, { recursive: true }); process.exit(0)
