/**
 * `npm run bench:scale`: how the real server answers with 1,000, 100,000 and 1,000,000 jobs, and whether that meets
 * what was asked for. Sizes come as arguments: `npm run bench:scale -- 1000 100000`; `--keep` keeps the filled
 * databases in the temporary folder for the next run.
 */
import { rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { median, ms } from './measure'
import { aims } from './scale-aims'
import { databaseOf } from './scale-database'
import { countStatements, openSite, type Site } from './scale-site'
import { printTable } from './scale-table'
import { stallText } from './stalls'

const rounds = 220
const warmUp = 20
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { keep: { type: 'boolean' }, rounds: { type: 'string' } },
})
const sizes = positionals.length > 0 ? positionals.map(Number) : [1_000, 100_000, 1_000_000]
if (!sizes.every((size) => Number.isInteger(size) && size >= 1000)) {
  console.error('Sizes are whole numbers, 1000 at the least: npm run bench:scale -- 1000 100000')
  process.exit(2)
}
sizes.sort((a, b) => a - b)

console.log(
  `Node ${process.versions.node}, ${availableParallelism()} cores, ${process.platform} ${process.arch}`,
)
const sites: Site[] = []
for (const size of sizes) {
  const { folder, bytes, fillMs } = await databaseOf(size)
  const filled = fillMs === null ? 'kept from an earlier run' : `filled in ${Math.round(fillMs / 1000)} s`
  console.log(`${size.toLocaleString('en')} jobs: ${Math.round(bytes / 2 ** 20)} MB, ${filled}`)
  const counted = await countStatements(folder)
  sites.push(await openSite(size, folder, counted))
}
try {
  const count = Number(values.rounds ?? rounds)
  for (let round = -warmUp; round < count; round++) {
    // sizes and kinds of requests take turns, so that what else this machine does falls on each alike
    for (const site of sites) await site.ask(round >= 0)
  }
  for (const site of sites) await site.noteStall('pages and lists')
  for (let round = 0; round < count; round++) for (const site of sites) await site.claim()
  for (const site of sites) await site.noteStall('claims')
  for (const site of sites) await site.copy()
  for (const site of sites) await site.weigh()
  printTable(sites)
  for (const { size, claims, megabytes } of sites) {
    console.log(
      `${size.toLocaleString('en')} jobs: the server's memory after the run ${megabytes} MB,`,
      [`from a commit to its claim p50 ${ms(median(claims))}`].join(''),
    )
  }
  for (const { size, stalls } of sites) {
    const each = [...stalls].map(([during, stall]) => `${during} ${stallText(stall)}`)
    console.log(
      `${size.toLocaleString('en')} jobs: longest stall of the event loop during ${each.join('; ')}`,
    )
  }
  console.log()
  for (const { met, text } of aims(sites)) console.log(`${met ? 'met    ' : 'NOT MET'}  ${text}`)
} finally {
  for (const site of sites) await site.close()
  if (!values.keep) for (const { folder } of sites) rmSync(folder, { recursive: true, force: true })
}
process.exit(0)
