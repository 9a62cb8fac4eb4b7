import { recorded } from '../audit.server'
import type { Desk } from '../desk'
import { Conflict, NotFound } from '../errors'
import { assertAgent } from '../jobs/edit.server'
import { cut, redacted } from '../payload.server'
import type { UserActor } from '../policy'
import { type Args, jsonArg, statement } from '../sql'
import { findTemplate } from '../templates/queries.server'
import type { TemplateView } from '../templates/view'
import { type ConfirmInput, readBatchArgs } from './input'
import { assertMayMake } from './may'
import { findBatch } from './queries.server'
import { type BatchArgs, type BatchView, batchArgOf } from './view'
import { tellConfirmed } from './wake.server'

/**
 * Sets a draft going. Sent a second time with the same arguments it changes nothing and is no error. What is not given
 * is as the draft has it.
 *
 * @throws {Invalid} on the field that the verb needs; {NotFound} not theirs; {Conflict} it was started with other arguments
 */
export async function confirmBatch(
  desk: Desk,
  actor: UserActor,
  id: string,
  input: ConfirmInput,
): Promise<void> {
  const draft = await findBatch(desk, actor, id)
  // a draft is there for its maker alone
  if (draft.actorId !== actor.id)
    throw new Conflict('This batch has been started already.', 'already_started')
  if (draft.verb !== 'import') assertMayMake(actor, draft.scope, draft.verb)
  else if (draft.state === 'DRAFT') await templateOf(desk, actor, draft)
  const field = batchArgOf[draft.verb]
  const sent = field && input[field] === undefined ? { [field]: draft.args[field] } : input
  const given = readBatchArgs(draft.verb, sent)
  if (draft.state === 'DRAFT' && given.agentId) await assertAgent(desk, given.agentId)
  await start(desk, actor, draft, given)
  const now = await findBatch(desk, actor, id)
  if (now.state === 'DRAFT') {
    throw new Conflict('This batch is still being put together. Try again in a moment.', 'not_ready')
  }
  if (jsonArg(now.args) !== jsonArg(given)) {
    throw new Conflict('This batch has been started already, with something else.', 'already_started')
  }
  tellConfirmed(desk)
}

/** The template of an import as it is now. @throws {Conflict} if the actor may make no job from it any more */
export async function templateOf(
  desk: Desk,
  actor: UserActor,
  { import: source }: Pick<BatchView, 'import'>,
): Promise<TemplateView> {
  try {
    return await findTemplate(desk, actor, source?.templateId ?? '')
  } catch (error) {
    if (!(error instanceof NotFound)) throw error
    throw new Conflict('The template was removed, or is no longer shared with you.', 'template_gone')
  }
}

type Draft = Awaited<ReturnType<typeof findBatch>>

async function start(desk: Desk, actor: UserActor, draft: Draft, given: BatchArgs): Promise<void> {
  const args: Args = {
    batchId: draft.id,
    startedAt: desk.now(),
    args: jsonArg(given),
    from: actor.address ?? null,
  }
  if (draft.scope === 'own') {
    const statements = [startBatch, forgetFirst].map((sql) => statement(sql, args))
    const result = statement('SELECT state, startedAt FROM batches WHERE id = :batchId', args)
    await desk.db.write({ repeatable: true, statements, result })
    return
  }
  const { reason, ...rest } = given
  await recorded(desk, {
    actor,
    action: 'batch.start',
    subject: { kind: 'batch', id: draft.id },
    detail: {
      verb: draft.verb,
      jobs: draft.total,
      ...rest,
      ...(reason === undefined ? {} : { reason: cut(redacted(reason), 500) }),
    },
    change: startBatch,
    args,
  })
}

/** An import's first jobs are shown with its draft alone; what they say is theirs from now on. */
const forgetFirst = `UPDATE imports SET first = '[]' WHERE batchId = :batchId
  AND EXISTS (SELECT 1 FROM batches WHERE id = :batchId AND state <> 'DRAFT')`

const startBatch = `UPDATE batches SET state = 'RUNNING', args = :args, startedAt = max(createdAt, :startedAt), address = :from
  WHERE id = :batchId AND state = 'DRAFT' AND preview <> '{}'`
