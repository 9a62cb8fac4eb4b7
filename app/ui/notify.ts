import { isOpen } from '~/domain/jobs/status'
import { paths } from '~/paths'
import type { NotificationChoice } from '~db/vocabulary'
import type { LiveEntry } from './live-source'
import { mayNotify } from './may-notify'
import { plainName } from './name'

/** What the browser tells somebody who looks elsewhere; null where it is none of what was chosen. */
export function noteOf(
  row: Pick<LiveEntry, 'kind' | 'status' | 'jobName' | 'ownerId' | 'actorId'>,
  userId: string,
  choice: NotificationChoice,
): { title: string; body: string } | null {
  if (choice === 'off' || row.ownerId !== userId || row.actorId === userId) return null
  const name = plainName(row.jobName)
  if (row.kind === 'requestInput') return { title: 'A job asks you something', body: name }
  if (row.kind === 'submit' && row.status === 'IN_REVIEW') return { title: 'A result to review', body: name }
  if (choice !== 'all' || isOpen(row.status) || !ends.includes(row.kind)) return null
  return { title: endings[row.status] ?? 'A job ended', body: name }
}

const ends: readonly string[] = ['submit', 'accept', 'fail', 'expire', 'cancel', 'complete']
const endings: Partial<Record<LiveEntry['status'], string>> = {
  COMPLETED: 'A job is completed',
  FAILED: 'A job failed',
  CANCELED: 'A job was canceled',
}

/** Shows them where the browser allows it. The same job's note takes the place of its last one, and is told again. */
export function notifyOf(rows: LiveEntry[], userId: string, choice: NotificationChoice) {
  if (!mayNotify()) return
  for (const row of rows) {
    const note = noteOf(row, userId, choice)
    if (!note) continue
    const shown = noteShown(note.title, {
      body: note.body,
      tag: `docket-${row.jobId}`,
      renotify: true,
    })
    if (!shown) return
    shown.onclick = () => open(paths.job(row.jobId))
  }
}

/** Null where a page may show none by itself (Chrome on Android). */
function noteShown(title: string, options: NotificationOptions & { renotify: boolean }): Notification | null {
  try {
    return new Notification(title, options)
  } catch {
    return null
  }
}

/** In this tab only where that is the page already: something may be half typed here. */
function open(path: string) {
  window.focus()
  if (window.location.pathname !== path) window.open(path)
}
