import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Says what the test writes into a file, as it is written; another attempt goes on where the last one was stopped. */
const program = `
  const { existsSync, readFileSync, writeFileSync } = require('node:fs')
  const [, file] = process.argv
  const done = file + '.done'
  process.stdin.resume()
  setInterval(() => {
    const from = existsSync(done) ? Number(readFileSync(done, 'utf8')) : 0
    const text = readFileSync(file, 'utf8').slice(from)
    const whole = text.slice(0, text.lastIndexOf('\\n') + 1)
    if (!whole) return
    writeFileSync(done, String(from + whole.length))
    process.stdout.write(whole, () => /"type":"(result|question|fail)"/.test(whole) && process.exit(0))
  }, 10)
`

/** A real command agent, a child process of the server's, that says and hands in what a test tells it to. */
export class SteeredAgent {
  readonly #folder = mkdtempSync(join(tmpdir(), 'docket-steered-'))
  readonly #file = join(this.#folder, 'lines')

  constructor() {
    writeFileSync(this.#file, '')
  }

  /** For `POST /api/admin/agents`. */
  get config() {
    return { argv: ['node', '-e', program, this.#file] }
  }

  /** Messages of the command protocol. */
  say(...messages: object[]) {
    appendFileSync(this.#file, messages.map((message) => `${JSON.stringify(message)}\n`).join(''))
  }

  /** Lines as they are. */
  write(...lines: string[]) {
    appendFileSync(this.#file, lines.map((line) => `${line}\n`).join(''))
  }

  dispose() {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
