import { newSecret } from '~/domain/accounts/secret.server'
import { downloadBackup } from '~/domain/backups.server'
import type { Desk } from '~/domain/desk'
import { keyFor } from '~/domain/keys.server'
import type { UserActor } from '~/domain/policy'
import { type SignedIn, signedCookie } from './auth.server'
import { house } from './desk.server'
import { streamCaching, streamed } from './stream.server'

/** How many daily backups are kept; null if none are taken. */
export function dailyBackups(): number | null {
  const { BACKUPS, BACKUPS_KEPT } = house().environment
  return BACKUPS === 'daily' ? BACKUPS_KEPT : null
}

/** From the confirmed form to the file: a form's answer has to be a page. */
const grantSeconds = 60
const grantCookie = () =>
  signedCookie('docket_download', keyFor(house().desk, 'backup-download').toString('hex'), grantSeconds)

interface Grant {
  /** Random. */
  id: string
  sessionId: string
  name: string
  until: number
}

/** The headers of an answer that leads to the download: it lets this session have this one file, once. */
export async function downloadGrant({ sessionId }: SignedIn, name: string): Promise<HeadersInit> {
  const grant: Grant = { id: newSecret(), sessionId, name, until: house().desk.now() + grantSeconds * 1000 }
  return { 'Set-Cookie': await grantCookie().serialize(grant) }
}

/** The grants that were used and have not expired, by id, with when they expire: a copy of the cookie is of no use. */
const usedGrants = new Map<string, number>()

/** @returns false if it was used before */
function takeOnce(id: string, until: number, at: number): boolean {
  for (const [each, expiresAt] of usedGrants) if (expiresAt <= at) usedGrants.delete(each)
  if (usedGrants.has(id)) return false
  usedGrants.set(id, until)
  return true
}

/** @returns the headers that end the grant with its use; null if there is none for this file, or it was used */
export async function takeDownloadGrant(
  request: Request,
  { sessionId }: SignedIn,
  name: string,
): Promise<Record<string, string> | null> {
  const grant: Partial<Grant> | null = await grantCookie().parse(request.headers.get('cookie'))
  const at = house().desk.now()
  const { id, until = 0 } = grant ?? {}
  if (!id || grant?.sessionId !== sessionId || grant.name !== name || until <= at) return null
  return takeOnce(id, until, at) ? { 'Set-Cookie': await grantCookie().serialize('', { maxAge: 0 }) } : null
}

/** A backup as a file to be saved. @throws as `downloadBackup` */
export async function backupAnswer(
  { request, desk, params }: { request: Request; desk: Desk; params: Record<string, string> },
  actor: UserActor,
  more: Record<string, string> = {},
): Promise<Response> {
  const name = params.name ?? ''
  const { size, pieces } = await downloadBackup(desk, actor, name)
  const headers = {
    'Content-Type': 'application/vnd.sqlite3',
    'Content-Length': String(size),
    'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    'Cache-Control': streamCaching,
    ...more,
  }
  return request.method === 'HEAD' ? new Response(null, { headers }) : streamed(pieces, headers)
}
