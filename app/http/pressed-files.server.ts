import { readdirSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import { lookup } from '~/domain/lookup'

/** Those of the build's files that it has pressed as hard as can be (`vite.config.ts`), by what they are asked for. */
export type PressedFiles = Record<'br' | 'gzip', ReadonlySet<string>>

const endings = { br: '.br', gzip: '.gz' } as const
/** As remix-serve has them. */
const types: Record<string, string> = {
  '.js': 'application/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** @param folder of the build's files for browsers; there is none in development */
export function findPressedFiles(folder: string): PressedFiles {
  const names = list(join(folder, 'assets'))
  const pressed = (ending: string) =>
    new Set(
      names.filter((name) => name.endsWith(ending)).map((name) => `/assets/${name.slice(0, -ending.length)}`),
    )
  return { br: pressed(endings.br), gzip: pressed(endings.gzip) }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/**
 * Leads a request for one of the build's files to the pressed one beside it. remix-serve would press it anew for each
 * request, quickly and so a fifth larger.
 */
export function takePressed(request: IncomingMessage, response: ServerResponse, files: PressedFiles) {
  const path = (request.url ?? '').split('?')[0] ?? ''
  const type = lookup(types, extname(path))
  if (!type || !(files.br.has(path) || files.gzip.has(path))) return
  response.setHeader('Vary', 'Accept-Encoding')
  const accepted = String(request.headers['accept-encoding'] ?? '')
  const encoding = (['br', 'gzip'] as const).find(
    (each) =>
      files[each].has(path) && new RegExp(`\\b${each}\\b(?!;\\s*q=0(?:\\.0*)?(?:,|$))`).test(accepted),
  )
  if (!encoding) return
  request.url = path + endings[encoding]
  // it is pressed already
  delete request.headers['accept-encoding']
  const writeHead = response.writeHead
  response.writeHead = function (this: ServerResponse, ...args: unknown[]) {
    const status = typeof args[0] === 'number' ? args[0] : this.statusCode
    if (status === 200 || status === 206) {
      this.setHeader('Content-Type', type)
      this.setHeader('Content-Encoding', encoding)
    }
    return Reflect.apply(writeHead, this, args) as ServerResponse
  } as typeof writeHead
}
