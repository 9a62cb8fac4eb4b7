import type { Desk } from '../desk'
import { Conflict, Invalid } from '../errors'
import type { UserActor } from '../policy'
import type { Args } from '../sql'
import type { TagChange } from './input'
import { mostTags } from './labels'
import { explainRefusal, type Moved, transition, type VerbMove } from './transition.server'

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
): Promise<Moved> {
  const [moved] = await transition(desk, { ...labelsMove(change), ids: [id], actor, version })
  if (moved) return moved
  const refusal = await explainRefusal(desk, actor, 'tag', id, version)
  // any status and the right version: what is left is its number of tags
  if (refusal instanceof Conflict && refusal.reason === 'lost_race' && change.add?.length) {
    throw new Invalid({ add: [tooMany] })
  }
  throw refusal
}

const tooMany = `A job has at most ${mostTags} tags.`

/** One tag more or less, on any number of jobs; those that have as many as they may are left as they are. */
export const tagMove = ({ add, remove }: { add?: string; remove?: string }): VerbMove =>
  labelsMove({
    add: add === undefined ? undefined : [add],
    remove: remove === undefined ? undefined : [remove],
  })

/** `tags` and `metadata` replace what is there, null clears it; then `remove`, then `add`. */
function labelsMove({ tags, metadata, add, remove }: Omit<TagChange, 'version'>): VerbMove {
  const set: Record<string, string> = {}
  const args: Args = { text: changedWords({ tags, metadata, add, remove }) }
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
    audit: { tags: 'json(j.tags)' },
    requestPayload: JSON.stringify({ tags, metadata, add, remove }),
    args,
  }
}

const newTags = `(SELECT json_group_array(value ORDER BY value) FROM (
  SELECT value FROM json_each(coalesce(:tags, jobs.tags))
    WHERE value NOT IN (SELECT gone.value FROM json_each(:remove) gone)
  UNION SELECT value FROM json_each(:add)))`

/** `Tagged billing, urgent. Removed the tag old.` */
function changedWords({ tags, metadata, add, remove }: Omit<TagChange, 'version'>): string {
  const words: string[] = []
  if (tags !== undefined) words.push(tags?.length ? `Tagged ${tags.join(', ')}.` : 'Removed every tag.')
  if (remove?.length) {
    words.push(`Removed the ${remove.length === 1 ? 'tag' : 'tags'} ${remove.join(', ')}.`)
  }
  if (add?.length) words.push(`Tagged ${add.join(', ')}.`)
  if (metadata !== undefined) {
    const keys = Object.keys(metadata ?? {})
    words.push(keys.length > 0 ? `Set the metadata ${keys.join(', ')}.` : 'Removed all metadata.')
  }
  return words.join(' ') || 'Saved without a change.'
}
