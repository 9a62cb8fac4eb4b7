import { readdirSync } from 'node:fs'
import { get, type IncomingHttpHeaders } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from '../support/server'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
}, 30_000)
afterAll(() => server.dispose())

const ask = (path: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
    get(server.origin + path, { headers }, (answer) => {
      const pieces: Buffer[] = []
      answer.on('data', (piece: Buffer) => pieces.push(piece))
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(pieces) }),
      )
    }).on('error', reject)
  })

const files = readdirSync('build/client/assets')
const named = (pattern: RegExp) => `/assets/${files.find((name) => pattern.test(name))}`

test.each([
  [/^framework-.*\.js$/, 'application/javascript; charset=utf-8'],
  [/\.css$/, 'text/css; charset=utf-8'],
  [/^icons-.*\.svg$/, 'image/svg+xml'],
])('%s comes pressed, kept for a year, and is the same however it comes', async (pattern, type) => {
  const path = named(pattern)
  const plain = await ask(path)
  const br = await ask(path, { 'accept-encoding': 'gzip, deflate, br' })
  const gzip = await ask(path, { 'accept-encoding': 'gzip, br;q=0' })
  expect(brotliDecompressSync(br.body).equals(plain.body)).toBe(true)
  expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true)
  expect([plain, br, gzip].map(({ headers }) => headers['content-encoding'])).toEqual([
    undefined,
    'br',
    'gzip',
  ])
  for (const { status, headers } of [plain, br, gzip]) {
    expect(status).toBe(200)
    expect(headers['content-type']?.toLowerCase()).toBe(type)
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(headers.vary).toContain('Accept-Encoding')
    expect(headers['x-content-type-options']).toBe('nosniff')
  }
  const { etag } = br.headers
  const again = await ask(path, { 'accept-encoding': 'br', 'if-none-match': etag as string })
  expect([again.status, again.body.length]).toEqual([304, 0])
})

test('what is not there is not there, pressed or not', async () => {
  const path = '/assets/no-such-file.js'
  expect((await ask(path, { 'accept-encoding': 'br' })).status).toBe(404)
})
