import { downloadBackup } from '~/domain/backups.server'
import type { Desk } from '~/domain/desk'
import type { UserActor } from '~/domain/policy'
import { house } from './desk.server'
import { streamCaching, streamed } from './stream.server'

/** How many daily backups are kept; null if none are taken. */
export function dailyBackups(): number | null {
  const { BACKUPS, BACKUPS_KEPT } = house().environment
  return BACKUPS === 'daily' ? BACKUPS_KEPT : null
}

/** A backup as a file to be saved. @throws {NotFound} */
export async function backupAnswer(
  { request, desk, params }: { request: Request; desk: Desk; params: Record<string, string> },
  actor: UserActor,
): Promise<Response> {
  const name = params.name ?? ''
  const { size, pieces } = await downloadBackup(desk, actor, name)
  const headers = {
    'Content-Type': 'application/vnd.sqlite3',
    'Content-Length': String(size),
    'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    'Cache-Control': streamCaching,
  }
  return request.method === 'HEAD' ? new Response(null, { headers }) : streamed(pieces, headers)
}
