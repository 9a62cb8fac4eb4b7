import { useEffect } from 'react'
import type { ListScope } from '~db/vocabulary'

/** The jobs that somebody opened last in this browser. */

export interface RecentJob {
  id: string
  name: string
  /** Where it was opened: among one's own, or at the admins' desk. */
  scope: ListScope
}

const most = 8
const keyOf = (userId: string) => `docket-recent-${userId}`

export function recentJobs(userId: string): RecentJob[] {
  try {
    return JSON.parse(localStorage.getItem(keyOf(userId)) ?? '[]') as RecentJob[]
  } catch {
    return []
  }
}

/** Keeps it among them for as long as this person stays signed in. */
export function useRecentJob(userId: string, { id, name }: { id: string; name: string }, scope: ListScope) {
  useEffect(() => {
    const others = recentJobs(userId).filter((job) => job.id !== id)
    try {
      localStorage.setItem(keyOf(userId), JSON.stringify([{ id, name, scope }, ...others].slice(0, most)))
    } catch {
      // no room, or not allowed: then there are none
    }
  }, [userId, id, name, scope])
}
