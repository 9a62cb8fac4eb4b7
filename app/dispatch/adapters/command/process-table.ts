import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { attemptVariable } from './environment'

/** A process as /proc tells of it. */
export interface ProcessRow {
  pid: number
  parent: number
  group: number
  session: number
  /** Clock ticks since boot: with the pid it tells two processes apart that get the same number. */
  started: number
}

/** All processes but the dead ones nobody has collected yet; null where there is no /proc. */
export function listProcesses(): ProcessRow[] | null {
  if (process.platform !== 'linux') return null
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name)
    const row = Number.isInteger(pid) ? readStat(pid) : null
    return row && !isDead(row.state) ? [row] : []
  })
}

/**
 * Which process a pid stands for now: two processes that get the same pid one after the other differ in it, and so do
 * two boots. A dead process that nobody has collected still has its pid. Null where there is none.
 */
export function identityOf(pid: number): string | null {
  return find(pid)?.identity ?? null
}

/** Whether this very process still runs: a dead one that nobody has collected does not. */
export function isRunning(pid: number, identity: string | null): boolean {
  const found = find(pid)
  return found !== null && identity !== null && found.identity === identity && !isDead(found.state)
}

/** What `identityOf` says of a process of this boot that started then. */
export const identityFrom = (started: number) => `${bootId()}/${started}`

export function carriesAttempt(pid: number, attemptId: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .includes(`${attemptVariable}=${attemptId}`)
  } catch {
    return false
  }
}

function find(pid: number): { state: string; identity: string } | null {
  if (process.platform === 'linux') {
    const row = readStat(pid)
    return row && { state: row.state, identity: identityFrom(row.started) }
  }
  try {
    const line = execFileSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
    const [, state, identity] = /^\s*(\S+)\s+(.*\S)\s*$/.exec(line) ?? []
    return state && identity ? { state, identity } : null
  } catch {
    return null
  }
}

/** A zombie, or one on its way out. */
const isDead = (state: string) => /^[ZX]/.test(state)

/** proc_pid_stat(5): the name in brackets may hold anything, so the fields count from the last bracket. */
function readStat(pid: number): (ProcessRow & { state: string }) | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state = '', parent, group, session, ...more] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return {
      pid,
      parent: Number(parent),
      group: Number(group),
      session: Number(session),
      started: Number(more[15]),
      state,
    }
  } catch {
    return null
  }
}

let knownBootId: string | undefined
function bootId(): string {
  knownBootId ??= readBootId()
  return knownBootId
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
  }
}
