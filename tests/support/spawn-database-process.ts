import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface DatabaseProcess {
  pid: number
  /** Lets it do its work and end. @throws with what it wrote on stderr, where it did not say `done` */
  goOn(): Promise<void>
  /** SIGKILL, as a power cut would. */
  kill(): Promise<void>
}

/** Resolves when the other process has the database open. */
export async function databaseProcess(what: 'hold' | 'migrate', url: string): Promise<DatabaseProcess> {
  const script = fileURLToPath(new URL('./database-process.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script, what, url], { stdio: 'pipe' })
  const exited = once(child, 'exit')
  const written = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.err += text
  })
  await Promise.race([saying(child, () => written.out.includes('ready')), exited])
  if (!written.out.includes('ready')) throw new Error(`It never opened ${url}: ${written.err}`)
  return {
    pid: child.pid ?? 0,
    async goOn() {
      child.stdin.end('\n')
      await exited
      if (!written.out.includes('done')) throw new Error(written.err)
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

const saying = (child: ChildProcess, heard: () => boolean) =>
  new Promise<void>((resolve) => child.stdout?.on('data', () => heard() && resolve()))
