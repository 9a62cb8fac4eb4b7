import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { attemptVariable } from './environment'

/** How long a group that was asked to end may take before it is killed. */
const graceMs = 2000
/** What the kernel needs to be done with killed processes; one that sits in a dead disk may take for ever. */
const killedMs = 1000

interface Process {
  pid: number
  group: number
  /** Clock ticks since boot. */
  started: number
}

/**
 * Which process a pid stands for now: two processes that get the same pid one after the other differ in it, and so do
 * two boots. Null where there is none.
 */
export function identityOf(pid: number): string | null {
  const status = readStatus(pid)
  if (status) return `${bootId()}/${status.started}`
  if (process.platform === 'linux') return null
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null
  } catch {
    return null
  }
}

/** The processes of one attempt. */
export interface Family {
  attemptId: string
  /** The number of the group they were started in; null where it was never noted. */
  group: number | null
  /** Whether that number is sure to be theirs still; otherwise only a member that carries the attempt's id proves it. */
  certain: boolean
}

/**
 * Ends all processes of an attempt: its group, and, where /proc shows it, those that left the group but carry the
 * attempt's id in their environment. SIGTERM, then SIGKILL after 2 s. Resolves when they are gone.
 */
export async function endProcesses(family: Family): Promise<void> {
  for (const { signal, patienceMs } of [
    { signal: 'SIGTERM', patienceMs: graceMs },
    { signal: 'SIGKILL', patienceMs: killedMs },
  ] as const) {
    if (!signalAll(family, signal)) return
    const deadline = performance.now() + patienceMs
    for (let pause = 5; performance.now() < deadline; pause = Math.min(pause * 2, 100)) {
      await sleep(pause)
      if (!signalAll(family, 0)) return
    }
  }
}

/** Sends `signal` (0: none, only look); false where nothing is left. */
function signalAll({ attemptId, group, certain }: Family, signal: NodeJS.Signals | 0): boolean {
  const processes = listProcesses()
  if (!processes) return group !== null && certain && send(-group, signal)
  const marked = processes.filter(({ pid }) => carriesAttempt(pid, attemptId))
  const ours = certain || marked.some((each) => each.group === group) ? group : null
  const members = processes.filter((each) => each.group === ours)
  const strays = marked.filter((each) => each.group !== ours)
  if (ours !== null && members.length > 0) send(-ours, signal)
  for (const { pid } of strays) send(pid, signal)
  return members.length + strays.length > 0
}

function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(target, signal)
    return true
  } catch {
    // gone meanwhile, or not ours to signal
    return false
  }
}

/** All processes but the dead ones nobody has collected yet; null where there is no /proc. */
function listProcesses(): Process[] | null {
  if (process.platform !== 'linux') return null
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name)
    const status = Number.isInteger(pid) ? readStatus(pid) : null
    return status && !'ZX'.includes(status.state) ? [{ pid, ...status }] : []
  })
}

/** proc_pid_stat(5): the name in brackets may hold anything, so the fields count from the last bracket. */
function readStatus(pid: number): { state: string; group: number; started: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state = '', , group, ...more] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state, group: Number(group), started: Number(more[16]) }
  } catch {
    return null
  }
}

function carriesAttempt(pid: number, attemptId: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .includes(`${attemptVariable}=${attemptId}`)
  } catch {
    return false
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
  }
}
