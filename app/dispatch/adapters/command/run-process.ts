import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { PassThrough, pipeline, type Readable } from 'node:stream'
import { lineSplitter } from './lines'
import { endProcesses, type Family, type KnownProcess, watchProcesses } from './processes'

export interface ProcessOptions {
  attemptId: string
  argv: string[]
  env: Record<string, string>
  cwd: string
  /** The file it reads as stdin: a program that never reads it breaks no pipe. */
  inputFile: string
  signal: AbortSignal
  timeoutMs: number
  /** On stdout and stderr together. */
  maxBytes: number
  /**
   * It runs. What these three return is waited for before more output is read; a rejection ends the process. What it
   * says until it is gone is handed on, also after it was told to end.
   */
  onStart(pid: number): Promise<void>
  onStdout(line: string): Promise<void>
  onStderr(line: string): Promise<void>
  /** It is being ended from here. */
  onStop(): void
  /** Which of its processes are outside its group now. */
  onStrays(strays: KnownProcess[]): void
}

/** Why a process was ended from here: its run was called off, it took too long, it wrote too much, a callback rejected. */
export type EndedBy = 'signal' | 'timeLimit' | 'output' | 'callback'

export interface Ending {
  exitCode: number | null
  signal: NodeJS.Signals | null
  /** Null where it ended by itself. */
  endedBy: EndedBy | null
  outputBytes: number
}

/** The program could not be started at all. The message is a sentence for people. */
export class NotStarted extends Error {}

/** How long output may stay open after every process that is known is gone, before it is no longer waited for. */
const lingerMs = 1000

/**
 * Runs a program as the leader of its own process group, without a shell. Resolves when it, and all it started, has
 * ended and its output is read. Throws NotStarted.
 */
export async function runProcess(options: ProcessOptions): Promise<Ending> {
  const { pid, stdout, stderr, exited } = await start(options)
  let endedBy: EndedBy | null = null
  let gone = false
  let outputBytes = 0
  let lastHeard = performance.now()
  /** Lines that wait to be recorded, as long as the database is away: more output may wait behind them. */
  let beingHandled = 0

  const family: Family = { attemptId: options.attemptId, group: pid, certain: true, strays: new Map() }
  const endWatch = watchProcesses(family, options.onStrays)
  const close = () => {
    for (const stream of [stdout, stderr]) stream.destroy()
  }
  const closeIfIdle = () => {
    if (beingHandled === 0) close()
  }
  let closing: NodeJS.Timeout | undefined
  const stop = (reason: EndedBy) => {
    endedBy ??= reason
    options.onStop()
    // what it said before it was gone may be waiting to be read
    if (gone) closing ??= setInterval(closeIfIdle, lingerMs)
    else void endProcesses(family)
  }
  const onAbort = () => stop('signal')
  options.signal.addEventListener('abort', onAbort, { once: true })
  if (options.signal.aborted) onAbort()
  const limit = setTimeout(() => stop('timeLimit'), options.timeoutMs)

  const hand = async (lines: string[], onLine: (line: string) => Promise<void>) => {
    beingHandled++
    for (const line of lines) await onLine(line).catch(() => stop('callback'))
    beingHandled--
    lastHeard = performance.now()
  }
  const read = async (stream: Readable, onLine: (line: string) => Promise<void>) => {
    const splitter = lineSplitter()
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        lastHeard = performance.now()
        outputBytes += chunk.length
        if (outputBytes > options.maxBytes) {
          stop('output')
          break
        }
        await hand(splitter.push(chunk), onLine)
      }
    } catch {
      // the stream was destroyed here: what came before counts
    }
    await hand(splitter.end(), onLine)
  }

  try {
    await options.onStart(pid).catch(() => stop('callback'))
    const reading = Promise.all([read(stdout, options.onStdout), read(stderr, options.onStderr)])
    const { exitCode, signal } = await exited
    await endProcesses(family)
    gone = true
    clearTimeout(limit)
    const linger = setInterval(() => {
      if (performance.now() - lastHeard > lingerMs) closeIfIdle()
    }, lingerMs / 4)
    await reading.finally(() => clearInterval(linger))
    return { exitCode, signal, endedBy, outputBytes }
  } finally {
    endWatch()
    clearTimeout(limit)
    clearInterval(closing)
    options.signal.removeEventListener('abort', onAbort)
  }
}

interface Started {
  pid: number
  stdout: Readable
  stderr: Readable
  exited: Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>
}

async function start({ argv, env, cwd, inputFile }: ProcessOptions): Promise<Started> {
  const [program = '', ...args] = argv
  const input = await open(inputFile)
  try {
    const child = spawn(program, args, {
      cwd,
      // this project's types make NODE_ENV a must, which an agent has no use for
      env: env as NodeJS.ProcessEnv,
      detached: true,
      stdio: [input.fd, 'pipe', 'pipe'],
    })
    // listened for at once: a short program is over before the next await is
    const exited = new Promise<Awaited<Started['exited']>>((resolve) => {
      child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }))
    })
    const [stdout, stderr] = [held(child.stdout), held(child.stderr)]
    await once(child, 'spawn')
    if (child.pid === undefined) throw new Error('a spawned process without a number')
    return { pid: child.pid, stdout, stderr, exited }
  } catch (error) {
    throw new NotStarted(whyNotStarted(program, error), { cause: error })
  } finally {
    await input.close()
  }
}

/** Node reads away the output of a child that ends before anybody reads it: this holds it until somebody does. */
function held(output: Readable | null): Readable {
  const through = new PassThrough()
  // an error here is the end of the output, which whoever reads `through` sees
  if (output) pipeline(output, through, () => undefined)
  else through.end()
  return through
}

function whyNotStarted(program: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  if (code === 'ENOENT')
    return `The program “${program}” was not found. Is it installed, and on the PATH of Docket?`
  if (code === 'EACCES') return `The program “${program}” may not be executed by the user that runs Docket.`
  return `The program “${program}” could not be started (${code}).`
}
