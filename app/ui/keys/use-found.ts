import { useEffect, useState } from 'react'
import { paths } from '~/paths'
import type { AgentState, JobStatus } from '~db/vocabulary'
import { useSettings } from '../settings'

/** As much of the search's answer as is shown. */
export interface FoundJson {
  jobs: { id: string; name: string; status: JobStatus; userId: string; ownerName: string }[]
  agents: { id: string; name: string; state: AgentState }[]
}

const nothing: FoundJson = { jobs: [], agents: [] }
/** Milliseconds without another letter until the server is asked. */
const pause = 120

interface Answer {
  found: FoundJson
  /** Why there is none, in a sentence. */
  problem: string | null
}

interface Search extends Answer {
  /** Whether what is there was found for another text. */
  isLoading: boolean
}

const empty: Answer = { found: nothing, problem: null }

/** What the server finds for a text that is being typed. While it looks, what it found before stays. */
export function useFound(text: string): Search {
  const q = text.trim()
  const { timeZone } = useSettings()
  const [search, setSearch] = useState({ ...empty, of: '' })
  useEffect(() => {
    if (q === '') {
      setSearch({ ...empty, of: q })
      return
    }
    const older = new AbortController()
    const timer = setTimeout(async () => {
      const answer = await ask(paths.apiSearch(q, timeZone), older.signal)
      if (!older.signal.aborted) setSearch({ ...answer, of: q })
    }, pause)
    return () => {
      clearTimeout(timer)
      older.abort()
    }
  }, [q, timeZone])
  return { ...search, isLoading: search.of !== q }
}

async function ask(address: string, signal: AbortSignal): Promise<Answer> {
  const refused = (problem: string) => ({ found: nothing, problem })
  try {
    const answer = await fetch(address, { signal, headers: { Accept: 'application/json' } })
    if (answer.ok) return { found: (await answer.json()) as FoundJson, problem: null }
    if (answer.status === 401) return refused('You are signed out. Sign in again to search.')
    const { detail, errors } = (await answer.json()) as { detail: string; errors?: { q?: string[] } }
    return refused(errors?.q?.join(' ') ?? detail)
  } catch {
    return refused('Docket can’t be reached. What you typed stays; try again in a moment.')
  }
}
