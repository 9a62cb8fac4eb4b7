import { changedRecord, changedSentence, changedSet, setDifference } from '../changes.server'
import type { Desk } from '../desk'
import { Invalid } from '../errors'
import type { UserActor } from '../policy'
import type { Args } from '../sql'
import { type Changed, changeAsRead } from './change.server'
import type { TagChange } from './input'
import { mostTags } from './labels'
import { labelsOf } from './stored.server'
import type { VerbMove } from './transition.server'

type Labels = ReturnType<typeof labelsOf>

/**
 * Changes a job's tags and metadata, in any status: whoever works on it works on.
 *
 * @throws {Invalid} where it would have more tags than a job may have
 * @throws {NotFound | Conflict}
 */
export async function tagJob(
  desk: Desk,
  actor: UserActor,
  id: string,
  { version, ...change }: TagChange,
): Promise<Changed> {
  return changeAsRead<{ tags: string; metadata: string }>(
    desk,
    { actor, id, verb: 'tag', version },
    'j.tags, j.metadata',
    (stored) => {
      const before = labelsOf(stored)
      const after = labelsAfter(before, change)
      if (after.tags.length > mostTags && change.add?.length) return new Invalid({ add: [tooMany] })
      const words = changedWords(before, after)
      return words === null ? null : labelsMove(change, words)
    },
  )
}

const tooMany = `A job has at most ${mostTags} tags.`

function labelsAfter(before: Labels, { tags, metadata, add, remove }: Omit<TagChange, 'version'>): Labels {
  const kept = (tags === undefined ? before.tags : (tags ?? [])).filter((tag) => !remove?.includes(tag))
  return {
    tags: [...new Set([...kept, ...(add ?? [])])],
    metadata: metadata === undefined ? before.metadata : (metadata ?? {}),
  }
}

/** One tag more or less, on any number of jobs; those that have as many as they may are left as they are. */
export const tagMove = ({ add, remove }: { add?: string; remove?: string }): VerbMove => {
  const [added, removed] = [add, remove].map((tag) => (tag === undefined ? [] : [tag])) as [
    string[],
    string[],
  ]
  const words = {
    text: tagWords(added, removed).join(' '),
    changes: changedSet('tags', removed, added),
  }
  return labelsMove(
    { add: add === undefined ? undefined : added, remove: remove === undefined ? undefined : removed },
    words,
  )
}

/** `tags` and `metadata` replace what is there, null clears it; then `remove`, then `add`. */
function labelsMove(
  { tags, metadata, add, remove }: Omit<TagChange, 'version'>,
  { text, changes }: Words,
): VerbMove {
  const set: Record<string, string> = {}
  const args: Args = { text, changes: JSON.stringify(changes) }
  let guard: string | undefined
  if (tags !== undefined || add || remove) {
    args.tags = tags === undefined ? null : JSON.stringify(tags ?? [])
    args.add = JSON.stringify(add ?? [])
    args.remove = JSON.stringify(remove ?? [])
    set.tags = newTags
    guard = `json_array_length(${newTags}) <= ${mostTags}`
  }
  if (metadata !== undefined) {
    args.metadata = JSON.stringify(metadata ?? {})
    set.metadata = ':metadata'
  }
  return {
    verb: 'tag',
    set,
    guard,
    message: ':text',
    audit: { tags: 'json(j.tags)', changed: 'json(:changes)' },
    requestPayload: JSON.stringify({ tags, metadata, add, remove }),
    args,
  }
}

/** Ordered in a subquery: a libSQL server's grammar has no ORDER BY in an aggregate's call. */
const newTags = `(SELECT json_group_array(value) FROM (
  SELECT value FROM json_each(coalesce(:tags, jobs.tags))
    WHERE value NOT IN (SELECT gone.value FROM json_each(:remove) gone)
  UNION SELECT value FROM json_each(:add)
  ORDER BY value))`

interface Words {
  /** For the log. */
  text: string
  /** For the audit. */
  changes: string[]
}

/** What really differs; null if nothing does. */
function changedWords(before: Labels, after: Labels): Words | null {
  const { added, removed } = setDifference(before.tags, after.tags)
  const metadata = changedRecord('metadata', before.metadata, after.metadata)
  const changes = [...changedSet('tags', before.tags, after.tags), ...metadata]
  if (changes.length === 0) return null
  const sentences = [...tagWords(added, removed), ...(metadata.length > 0 ? [changedSentence(metadata)] : [])]
  return { text: sentences.join(' '), changes }
}

/** `Removed the tag old. Tagged billing, urgent.` */
function tagWords(added: string[], removed: string[]): string[] {
  const words: string[] = []
  if (removed.length > 0)
    words.push(`Removed the ${removed.length === 1 ? 'tag' : 'tags'} ${removed.join(', ')}.`)
  if (added.length > 0) words.push(`Tagged ${added.join(', ')}.`)
  return words
}
