import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { Busboy } from '@fastify/busboy'
import {
  assertOurForm,
  bodyOf,
  maxBodyBytes,
  maxFields,
  notAForm,
  RequestRefused,
  readForm,
} from './body.server'

/** The largest upload, in bytes: 50 MB. */
export const maxUploadBytes = 50 * 1_048_576

export interface UploadedFile {
  name: string
  /** Its bytes, while they come. */
  content: AsyncIterable<Uint8Array>
}

export interface Upload<Taken> {
  /** The form's other fields. */
  form: FormData
  /** What `take` made of the file; undefined if there is none. */
  taken?: Taken
  /** What `take` threw, if it did. */
  refusal?: unknown
}

/**
 * Reads a form whose one file goes by in pieces, none of which is kept here: a file of any size costs the memory of a
 * piece. A form without a file is read as any other.
 *
 * @param take reads the file; if it throws or returns early, the rest of the file is skipped, so that the client gets its
 *   answer
 * @throws {RequestRefused} 413 past the limits, 400 if it is no form of ours
 */
export async function readUpload<Taken>(
  request: Request,
  take: (file: UploadedFile) => Promise<Taken>,
): Promise<Upload<Taken>> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^multipart\/form-data\b/i.test(type)) return { form: await readForm(request) }
  const form = new FormData()
  const upload: Upload<Taken> = { form }
  let file: Readable | undefined
  let taking: Promise<void> | undefined
  const { parser, failed } = parserOf(type, form, (found, name) => {
    file = found
    taking = take({ name, content: piecesOf(found) }).then(
      (taken) => {
        upload.taken = taken
      },
      (error: unknown) => {
        upload.refusal = error
      },
    )
  })
  const finished = once(parser, 'finish')
  finished.catch(() => undefined)
  try {
    for await (const chunk of bodyOf(request, maxUploadBytes)) {
      await Promise.race([failed, new Promise<void>((written) => parser.write(chunk, () => written()))])
    }
    parser.end()
    await Promise.race([failed, finished])
  } catch (error) {
    // who reads the file is told, and cleans up before the answer
    file?.destroy(error instanceof Error ? error : undefined)
    await taking
    throw error
  }
  await taking
  assertOurForm(form)
  return upload
}

function parserOf(type: string, form: FormData, onFile: (file: Readable, name: string) => void) {
  let fail: (error: unknown) => void = () => undefined
  const failed = new Promise<never>((_, reject) => {
    fail = reject
  })
  failed.catch(() => undefined)
  const parser = started(type)
  let size = 0
  parser.on('field', (name, value, _, isCut) => {
    size += value.length
    if (isCut || size > maxBodyBytes) {
      fail(new RequestRefused(413, `A field is larger than ${maxBodyBytes.toLocaleString('en')} bytes.`))
    }
    form.append(name, value)
  })
  parser.on('file', (_, file, name) => {
    file.on('error', () => undefined)
    onFile(file, name)
  })
  parser.on('fieldsLimit', () => fail(notAForm()))
  parser.on('error', () => fail(notAForm()))
  return { parser, failed }
}

function started(type: string) {
  try {
    const limits = { fieldSize: maxBodyBytes, fields: maxFields, files: 1 }
    return new Busboy({ headers: { 'content-type': type }, limits })
  } catch {
    throw notAForm()
  }
}

/** Whoever stops reading leaves the rest to be skipped. */
async function* piecesOf(file: Readable): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const piece of file.iterator({ destroyOnReturn: false })) yield piece as Uint8Array
  } finally {
    file.resume()
  }
}
