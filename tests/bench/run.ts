/**
 * `npm run bench`: what this machine does in this run, and each figure against what it could be at best. Names after
 * `--` choose what is measured: `npm run bench -- commits http`. Everything stays on this machine.
 */
import { availableParallelism } from 'node:os'
import { batches } from './batches'
import { claims } from './claim'
import { commits } from './commits'
import { http } from './http'
import { live } from './live'
import { npmStart, start } from './start'

const all = { commits, claims, http, live, batches, start, 'npm-start': npmStart }
const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => !Object.hasOwn(all, name))
if (unknown.length > 0) {
  console.error(`Not measured here: ${unknown.join(', ')}. Choose of ${Object.keys(all).join(', ')}.`)
  process.exit(2)
}

console.log(
  `Node ${process.versions.node}, ${availableParallelism()} cores, ${process.platform} ${process.arch}`,
)
for (const [name, measure] of Object.entries(all)) {
  if (chosen.length === 0 || chosen.includes(name)) await measure()
}
process.exit(0)
