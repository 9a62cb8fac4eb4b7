import type { BatchVerb } from '~db/vocabulary'
import { archiveMove } from '../jobs/archive.server'
import { cancelMove } from '../jobs/cancel.server'
import { completeMove } from '../jobs/complete.server'
import { reassignMove } from '../jobs/reassign.server'
import { resubmitMove } from '../jobs/resubmit.server'
import { acceptMove } from '../jobs/review.server'
import { transitions } from '../jobs/status'
import { tagMove } from '../jobs/tag.server'
import type { VerbMove } from '../jobs/transition.server'
import type { BatchArgs } from './view'

type BatchMove = VerbMove & {
  /** SQL of a job that is as the verb would leave it: it is left alone, and counts as done. */
  alreadySo?: (job: 'j' | 'jobs') => string
}

/** Those that are transitions. */
export type MoveVerb = Exclude<BatchVerb, 'purge'>

/** What a batch's verb does to each job: the same statements as on one job alone. */
export function moveOf(verb: MoveVerb, args: BatchArgs): BatchMove {
  return moves[verb](args)
}

const moves: Record<MoveVerb, (args: BatchArgs) => BatchMove> = {
  cancel: cancelMove,
  resubmit: resubmitMove,
  accept: acceptMove,
  reassign: ({ agentId }) => reassignMove(needed(agentId)),
  complete: ({ reason }) => completeMove({ reason: needed(reason) }),
  priority: ({ priority }) => priorityMove(needed(priority)),
  addTag: ({ tag }) => tagging({ add: needed(tag) }, needed(tag), ''),
  archive: () => ({ ...archiveMove(), alreadySo: (job) => `${job}.archivedAt IS NOT NULL` }),
  removeTag: ({ tag }) => tagging({ remove: needed(tag) }, needed(tag), 'NOT '),
}

/** A line's `at` holds the old priority for its log row, until the line gets its outcome in the same write. */
const priorityMove = (priority: number): BatchMove => ({
  verb: 'edit',
  before: [
    `UPDATE batch_items SET at = (SELECT j.priority FROM jobs j WHERE j.id = jobId)
     WHERE batchId = :batchId AND outcome IS NULL AND jobId IN (SELECT value FROM json_each(:ids))`,
  ],
  set: { priority: ':priority' },
  message: `'Changed ' || ${priorityChange} || '.'`,
  audit: { changed: `json_array(${priorityChange})` },
  alreadySo: (job) => `${job}.priority = :priority AND ${job}.status IN (${editable})`,
  requestPayload: JSON.stringify({ priority }),
  args: { priority },
})

const editable = transitions.edit.from.map((status) => `'${status}'`).join(', ')

const priorityChange = `'priority from ' || (SELECT i.at FROM batch_items i
  WHERE i.batchId = :batchId AND i.jobId = j.id) || ' to ' || j.priority`

function tagging(change: Parameters<typeof tagMove>[0], batchTag: string, not: '' | 'NOT '): BatchMove {
  const move = tagMove(change)
  return {
    ...move,
    args: { ...move.args, batchTag },
    alreadySo: (job) => `${not}EXISTS (SELECT 1 FROM json_each(${job}.tags) WHERE value = :batchTag)`,
  }
}

function needed<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('a batch was confirmed without what its verb needs')
  return value
}
