import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fill } from './scale-fill'

export const kept = join(tmpdir(), 'docket-scale')

export interface ScaleDatabase {
  /** The data folder for a server. */
  folder: string
  bytes: number
  /** How long the fill took; null where it was kept from an earlier run. */
  fillMs: number | null
}

/** A data folder with so many jobs: the one that an earlier run kept, as long as what makes it is the same. */
export async function databaseOf(jobs: number): Promise<ScaleDatabase> {
  const folder = join(kept, `${jobs}-${fingerprint()}`)
  const file = join(folder, 'docket.db')
  let fillMs: number | null = null
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true })
    const unfinished = join(folder, 'unfinished.db')
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
    const startedAt = performance.now()
    await fill(unfinished, jobs)
    fillMs = performance.now() - startedAt
    renameSync(unfinished, file)
  }
  return { folder, bytes: statSync(file).size, fillMs }
}

/** Changes with the migrations and with what the fill is made of. */
function fingerprint(): string {
  const hash = createHash('sha256')
  for (const name of readdirSync('db/migrations').filter((each) => each.endsWith('.sql'))) {
    hash.update(readFileSync(join('db/migrations', name)))
  }
  for (const name of ['fill', 'stories', 'words']) hash.update(readFileSync(`tests/bench/scale-${name}.ts`))
  return hash.digest('hex').slice(0, 8)
}
