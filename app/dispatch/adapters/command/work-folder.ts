import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { JobBrief } from '../adapter'
import { identityOf, isRunning } from './process-table'
import { endProcesses, type KnownProcess } from './processes'

/**
 * An attempt's own folder, and beside it, in `.groups/`, a note of which processes are its own, so that a server that
 * starts after one was killed can end them. The note is there before the folder and goes after it.
 */
const note = z.object({
  attemptId: z.string(),
  server: z.object({ pid: z.int(), identity: z.string().nullable() }),
  leader: z.object({ pid: z.int(), identity: z.string().nullable() }).nullable(),
  /** Its processes outside the leader's group. */
  strays: z.array(z.object({ pid: z.int(), identity: z.string() })).default([]),
})
type Note = z.output<typeof note>
const noteText = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown
    } catch {
      context.addIssue('not JSON')
      return z.NEVER
    }
  })
  .pipe(note)

const notes = (workRoot: string) => join(workRoot, '.groups')
const noteFile = (workRoot: string, attemptId: string) => join(notes(workRoot), `${attemptId}.json`)

/** What an agent reads on stdin and finds as job.json: the job, which protocol this is, and what a model should know. */
export function jobInput(job: JobBrief): string {
  return JSON.stringify({
    protocol: 1,
    instructions:
      'This is a job. Do what its description asks so that every line of its acceptanceCriteria holds. ' +
      'Where earlier attempts carry feedback or an answer, act on it. Reply with the result only.',
    ...job,
  })
}

export interface WorkFolder {
  path: string
  inputFile: string
  /** Notes whose group it is, as soon as the process runs. */
  started(pid: number): Promise<void>
  /** Notes which of its processes have left that group. */
  strays(strays: KnownProcess[]): void
  remove(): Promise<void>
}

/** Makes `workRoot/<attemptId>` (mode 700) with job.json, description.txt and acceptance-criteria.txt in it. */
export async function makeWorkFolder(
  workRoot: string,
  attemptId: string,
  job: JobBrief,
): Promise<WorkFolder> {
  const path = join(workRoot, attemptId)
  const server = { pid: process.pid, identity: identityOf(process.pid) }
  let content: Note = { attemptId, server, leader: null, strays: [] }
  let written: Promise<void> = Promise.resolve()
  let isRemoved = false
  /** One write after the other, and none after the folder is gone. */
  const noteDown = (change: Partial<Note>): Promise<void> => {
    content = { ...content, ...change }
    const write = () => (isRemoved ? undefined : writeNote(workRoot, content))
    written = written.then(write, write)
    return written
  }
  await mkdir(notes(workRoot), { recursive: true, mode: 0o700 })
  await noteDown({})
  await rm(path, { recursive: true, force: true })
  await mkdir(path, { mode: 0o700 })
  const inputFile = join(path, 'job.json')
  await Promise.all([
    writeFile(inputFile, `${jobInput(job)}\n`),
    writeFile(join(path, 'description.txt'), job.description),
    writeFile(join(path, 'acceptance-criteria.txt'), job.acceptanceCriteria),
  ])
  return {
    path,
    inputFile,
    started: (pid) => noteDown({ leader: { pid, identity: identityOf(pid) } }),
    // where it can't be written, the note before it holds
    strays: (strays) => void noteDown({ strays }).catch(() => undefined),
    remove: async () => {
      isRemoved = true
      await written.catch(() => undefined)
      await removeAll(workRoot, attemptId)
    },
  }
}

/**
 * Ends what servers that are gone left running, and removes their work folders. Leaves alone what belongs to a server
 * that still runs, this one included, and never signals a process that only has got an old number.
 */
export async function cleanUpWorkRoot(workRoot: string): Promise<void> {
  const found = await readNotes(workRoot)
  const isLive = ({ server }: Note) => isRunning(server.pid, server.identity)
  const live = new Set(found.filter(isLive).map(({ attemptId }) => attemptId))
  const stale = found.filter(({ attemptId }) => !live.has(attemptId))
  await Promise.all(
    stale.map(({ attemptId, leader, strays }) =>
      endProcesses({
        attemptId,
        group: leader?.pid ?? null,
        certain: leader?.identity != null && identityOf(leader.pid) === leader.identity,
        strays: new Map(strays.map(({ pid, identity }) => [pid, identity])),
      }),
    ),
  )
  const folders = await namesIn(workRoot)
  const leftOver = folders.filter((name) => !name.startsWith('.') && !live.has(name))
  const gone = new Set([...leftOver, ...stale.map(({ attemptId }) => attemptId)])
  await Promise.all([...gone].map((attemptId) => removeAll(workRoot, attemptId)))
}

/** Written beside and moved into place: a killed server leaves a whole note or none. */
async function writeNote(workRoot: string, content: Note): Promise<void> {
  const file = noteFile(workRoot, content.attemptId)
  await writeFile(`${file}.new`, JSON.stringify(content))
  await rename(`${file}.new`, file)
}

async function readNotes(workRoot: string): Promise<Note[]> {
  const files = (await namesIn(notes(workRoot))).filter((name) => name.endsWith('.json'))
  const read = await Promise.all(
    files.map(async (name) => {
      const text = await readFile(join(notes(workRoot), name), 'utf8')
      const parsed = noteText.safeParse(text)
      return parsed.success && `${parsed.data.attemptId}.json` === name ? [parsed.data] : []
    }),
  )
  return read.flat()
}

async function removeAll(workRoot: string, attemptId: string): Promise<void> {
  await rm(join(workRoot, attemptId), { recursive: true, force: true, maxRetries: 3 })
  await rm(noteFile(workRoot, attemptId), { force: true })
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
}
