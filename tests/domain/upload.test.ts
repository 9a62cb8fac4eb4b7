import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { maxUploadBytes, readUpload } from '~/http/upload.server'

const request = (pieces: Iterable<Buffer>, type = 'multipart/form-data; boundary="x y"') =>
  new Request('http://localhost/', {
    method: 'POST',
    headers: { 'content-type': type },
    body: Readable.toWeb(Readable.from(pieces)),
    duplex: 'half',
  } as RequestInit)

/** A form as browsers send it, in pieces of `size` bytes. */
function sent(body: string, { size = 7, type = undefined as string | undefined } = {}) {
  const bytes = Buffer.from(body)
  const count = Math.ceil(bytes.length / size)
  const pieces = Array.from({ length: count }, (_, n) => bytes.subarray(n * size, (n + 1) * size))
  return request(pieces, type)
}

const part = (name: string, content: string, file?: string) =>
  `--x y\r\nContent-Disposition: form-data; name="${name}"${file === undefined ? '' : `; filename="${file}"`}\r\n\r\n${content}\r\n`
const end = '--x y--\r\n'
const form = part('csv', 'typed') + part('file', 'a,b\r\n1,2\r\n', 'a; b.csv') + part('more', 'ü') + end

async function textOf(file: AsyncIterable<Uint8Array>) {
  const pieces: Uint8Array[] = []
  for await (const piece of file) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

test.each([1, 7, 1000])('reads the file and the fields around it, in pieces of %i bytes', async (size) => {
  const {
    form: fields,
    taken,
    refusal,
  } = await readUpload(sent(form, { size }), async ({ name, content }) => [name, await textOf(content)])
  expect([...fields]).toEqual([
    ['csv', 'typed'],
    ['more', 'ü'],
  ])
  expect([taken, refusal]).toEqual([['a; b.csv', 'a,b\r\n1,2\r\n'], undefined])
})

test('a file that is refused in the middle is skipped, and the fields behind it are read', async () => {
  const refused = new Error('no')
  const long = part('file', 'x'.repeat(500_000), 'a.csv') + part('more', 'z') + end
  const upload = await readUpload(sent(long, { size: 60_000 }), async ({ content }) => {
    for await (const _ of content) throw refused
  })
  expect([...upload.form]).toEqual([['more', 'z']])
  expect(upload.refusal).toBe(refused)
})

test.each([
  ['no boundary', () => sent(form, { type: 'multipart/form-data' }), 400],
  ['no end', () => sent(form.slice(0, -60)), 400],
  ['an end in the file', () => sent(form.slice(0, 200)), 400],
  ['too many fields', () => sent(part('a', 'b').repeat(101) + end, { size: 9000 }), 400],
  ['a name that is none of ours', () => sent(part('a[b]', 'c') + end), 400],
  ['a field that is too large', () => sent(part('a', 'b'.repeat(1_100_000)) + end, { size: 90_000 }), 413],
])('refuses a form with %s', async (_, form, status) => {
  let reading = 0
  const refused = await readUpload(form(), async ({ content }) => {
    reading++
    await textOf(content).finally(() => reading--)
  }).catch((error: unknown) => error)
  expect(refused).toMatchObject({ status })
  // nobody is left waiting for the rest of the file
  expect(reading).toBe(0)
})

test('more than 50 MB is refused while it comes, and whoever reads it is told', async () => {
  const piece = Buffer.alloc(1_000_000, 120)
  function* pieces() {
    yield Buffer.from(part('file', '', 'a.csv').slice(0, -2))
    for (;;) yield piece
  }
  let read = 0
  let told: unknown
  const refused = await readUpload(request(pieces()), async ({ content }) => {
    try {
      for await (const each of content) read += each.length
    } catch (error) {
      told = error
      throw error
    }
  }).catch((error: unknown) => error)
  expect(refused).toMatchObject({ status: 413 })
  expect(told).toBe(refused)
  expect(read).toBeGreaterThan(maxUploadBytes - 2_000_000)
})
