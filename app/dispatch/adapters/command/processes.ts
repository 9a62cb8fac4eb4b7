import { setTimeout as sleep } from 'node:timers/promises'
import { carriesAttempt, identityFrom, listProcesses, type ProcessRow } from './process-table'

/** How long a group that was asked to end may take before it is killed. */
const graceMs = 2000
/** What the kernel needs to be done with killed processes; one that sits in a dead disk may take for ever. */
const killedMs = 1000
/** How often the processes of running attempts are looked for. */
const watchMs = 1000

/** A process that is known by its number and when it started. */
export interface KnownProcess {
  pid: number
  identity: string
}

/** The processes of one attempt. */
export interface Family {
  attemptId: string
  /** The number of the group they were started in, and of its session; null where it was never noted. */
  group: number | null
  /** Whether that number is sure to be theirs still; otherwise only a member that carries the attempt's id proves it. */
  certain: boolean
  /** Those that were seen outside the group, identities by pid. */
  strays: Map<number, string>
}

/**
 * Ends all processes of an attempt: its group, and, where /proc shows them, those that left the group: what carries the
 * attempt's id in its environment, is in the group's session, was seen as a descendant, or descends from one of those.
 * SIGTERM, then SIGKILL after 2 s. Resolves when they are gone.
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

interface Watched {
  family: Family
  onStrays(strays: KnownProcess[]): void
}
const watched = new Set<Watched>()
let watching: NodeJS.Timeout | undefined

/**
 * Looks for the attempt's descendants every second, all attempts in one look, so that one is known later whose parents
 * have ended. `onStrays` is told of those outside the group when they change.
 *
 * @returns what ends the watch
 */
export function watchProcesses(family: Family, onStrays: Watched['onStrays']): () => void {
  const entry = { family, onStrays }
  watched.add(entry)
  watching ??= setInterval(lookForDescendants, watchMs).unref()
  return () => {
    watched.delete(entry)
    if (watched.size > 0) return
    clearInterval(watching)
    watching = undefined
  }
}

/** One look for all that are watched. */
export function lookForDescendants(): void {
  const processes = listProcesses()
  if (!processes) return
  for (const { family, onStrays } of watched) {
    const before = [...family.strays].join()
    membersOf(family, processes, () => false)
    if ([...family.strays].join() === before) continue
    onStrays([...family.strays].map(([pid, identity]) => ({ pid, identity })))
  }
}

/** Sends `signal` (0: none, only look); false where nothing is left. */
function signalAll(family: Family, signal: NodeJS.Signals | 0): boolean {
  const { attemptId, group, certain } = family
  const processes = listProcesses()
  if (!processes) return group !== null && certain && send(-group, signal)
  const { inGroup, strays } = membersOf(family, processes, ({ pid }) => carriesAttempt(pid, attemptId))
  if (inGroup[0]) send(-inGroup[0].group, signal)
  for (const { pid } of strays) send(pid, signal)
  return inGroup.length + strays.length > 0
}

/** Finds the family's processes, and notes those outside its group on it. */
function membersOf(family: Family, processes: ProcessRow[], isMarked: (row: ProcessRow) => boolean) {
  const marked = processes.filter(isMarked)
  const ours = family.certain || marked.some(({ group }) => group === family.group) ? family.group : null
  const known = processes.filter(
    ({ pid, group, session, started }) =>
      (ours !== null && (group === ours || session === ours)) ||
      family.strays.get(pid) === identityFrom(started),
  )
  const members = withDescendants([...marked, ...known], processes)
  const strays = members.filter(({ group }) => group !== ours)
  family.strays = new Map(strays.map(({ pid, started }) => [pid, identityFrom(started)]))
  return { inGroup: members.filter(({ group }) => group === ours), strays }
}

function withDescendants(roots: ProcessRow[], processes: ProcessRow[]): ProcessRow[] {
  const children = new Map<number, ProcessRow[]>()
  for (const row of processes) {
    const siblings = children.get(row.parent)
    if (siblings) siblings.push(row)
    else children.set(row.parent, [row])
  }
  const found = new Set<ProcessRow>()
  const open = [...roots]
  for (let row = open.pop(); row; row = open.pop()) {
    if (found.has(row)) continue
    found.add(row)
    open.push(...(children.get(row.pid) ?? []))
  }
  return [...found]
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
