import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Client } from '../support/client'
import { tourOf } from '../support/markdown'
import { ADMIN, startServer, type TestServer } from '../support/server'

/** What the README and docs/api.md say, said to the real server. */

const run = promisify(execFile)

let server: TestServer
beforeAll(async () => {
  server = await startServer({ admin: true })
})
afterAll(async () => {
  await server.dispose()
  rmSync(onlyThese, { recursive: true, force: true })
})

/** The README promises that the tour needs no more than this. */
const onlyThese = mkdtempSync(join(tmpdir(), 'docket-path-'))
for (const name of ['curl', 'cut', 'date', 'grep', 'sed', 'sh', 'sleep', 'tr']) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const found = folders.map((folder) => join(folder, name)).find((file) => existsSync(file))
  if (found) symlinkSync(found, join(onlyThese, name))
}

describe('the tour of the README', () => {
  const tour = tourOf('README.md')

  test.runIf(existsSync(join(onlyThese, 'curl')))(
    'works as printed, from the first command to the last',
    async () => {
      const { stdout, stderr } = await run(join(onlyThese, 'sh'), ['-e', '-c', tour], {
        timeout: 60_000,
        env: {
          PATH: onlyThese,
          NODE_ENV: 'test',
          // whatever proxy this machine goes out by
          no_proxy: '127.0.0.1',
          DOCKET: server.origin,
          EMAIL: ADMIN.email,
          PASSWORD: ADMIN.password,
        },
      })
      expect(stderr).toBe('')
      expect(linesOf(stdout)).toEqual([
        expect.stringMatching(/^docket_\w{4}$/),
        expect.stringMatching(/^\w{26}$/),
        expect.stringMatching(/^\w{26}$/),
        'IN_REVIEW',
        expect.objectContaining({ status: 'IN_REVIEW', result: expect.objectContaining({ words: 10 }) }),
        expect.objectContaining({
          data: expect.arrayContaining([expect.objectContaining({ kind: 'create' })]),
        }),
        expect.objectContaining({ data: [expect.objectContaining({ outcome: 'SUBMITTED' })] }),
        'ASSIGNED',
        'IN_REVIEW',
        'COMPLETED',
        'CANCELED',
        expect.objectContaining({
          data: [expect.objectContaining({ status: 'COMPLETED' })],
          nextCursor: null,
        }),
        expect.objectContaining({
          status: 422,
          errors: expect.objectContaining({ name: [expect.any(String)] }),
        }),
        '422 application/problem+json',
        '304',
      ])
      const [, first, again] = linesOf(stdout)
      expect(again).toBe(first)
    },
    70_000,
  )

  /** JSON where a line is JSON. */
  const linesOf = (text: string): unknown[] =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (line.startsWith('{') ? (JSON.parse(line) as unknown) : line))
})

describe('docs/api.md', () => {
  const headings = [...readFileSync('docs/api.md', 'utf8').matchAll(/^### `([A-Z]+) (\/\S+)`$/gm)]
  const methods = new Map<string, string[]>()
  for (const [, method = '', path = ''] of headings) methods.set(path, [...(methods.get(path) ?? []), method])

  test.each([...methods])('%s takes the methods it says', async (path, documented) => {
    const url = path.replace(':id', 'x').replace(':email', 'x@example.com')
    const answer = await new Client(server.origin).json('PUT', url, { body: {} })
    expect(answer.status).toBe(405)
    const allowed = (answer.headers.get('allow') ?? '').split(', ').filter((method) => method !== 'HEAD')
    expect(documented.sort()).toEqual(allowed.sort())
  })
})
