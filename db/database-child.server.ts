import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { kindOfCode } from './errors'

/** `quick` reads every page; `full` also compares each index with its table, and takes twice as long. */
export type CheckDepth = 'quick' | 'full'

export interface CheckOptions {
  depth: CheckDepth
  /** The last migration that this version knows; a database with a later one is refused. */
  newest?: number
}

export interface Checked {
  /** What is wrong with the file, in a sentence; null if nothing is. */
  problem: string | null
  /** Another process has the file open, so it was not checked. */
  busy?: boolean
}

type Message = Partial<Checked> & { refused?: string; error?: string; copied?: true; log?: number }

/** The child process could not do its work. `code` is the system's or SQLite's, such as `ENOSPC`. */
export class ChildFailed extends Error {
  constructor(readonly code: string) {
    super(`The database's child process failed: ${code}`)
  }
}

/**
 * Runs scripts/database-child.mjs, which works on database files where it can't block the event loop.
 *
 * @param hear called with each message that is not the result
 * @returns the process, and what it found. The promise rejects with {@link ChildFailed} if the process fails or is
 *   killed.
 */
export function databaseChild(
  command: string[],
  { depth, newest }: CheckOptions,
  hear: (message: Message) => void = () => undefined,
): { child: ChildProcess; result: Promise<Checked> } {
  const script = join(process.cwd(), 'scripts', 'database-child.mjs')
  const args = [...command, depth, ...(newest === undefined ? [] : [String(newest)])]
  const child = fork(script, args, {
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const result = new Promise<Checked>((resolve, reject) => {
    child.on('message', (message: Message) => {
      const found = message.refused === undefined ? message : whyRefused(message.refused)
      if (found.error) reject(new ChildFailed(found.error))
      else if (found.problem !== undefined) resolve({ problem: found.problem, busy: found.busy })
      else hear(message)
    })
    child.once('error', (error) => reject(new ChildFailed(error.message)))
    child.once('exit', (code, signal) => reject(new ChildFailed(signal ?? `exit ${code}`)))
  })
  return { child, result }
}

function whyRefused(code: string): Message {
  const kind = kindOfCode(code)
  if (kind === 'busy') return { problem: null, busy: true }
  if (kind === 'corrupt') return { problem: 'This file is damaged.' }
  if (kind === 'not-a-database') return { problem: 'This is not a database of Docket.' }
  return { error: code }
}

/**
 * Reads a whole database file that nobody has open, in a child process.
 *
 * @param withinMs how long it may take; then the child is killed
 * @returns what it found; null if the time was not enough
 * @throws {ChildFailed}
 */
export async function checkFile(
  file: string,
  options: CheckOptions,
  withinMs?: number,
): Promise<Checked | null> {
  const { child, result } = databaseChild(['inspect', file], options)
  let late = false
  const timer =
    withinMs &&
    setTimeout(() => {
      late = true
      child.kill('SIGKILL')
    }, withinMs)
  try {
    return await result
  } catch (error) {
    if (late) return null
    throw error
  } finally {
    clearTimeout(timer)
  }
}
