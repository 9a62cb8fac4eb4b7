import { listPlace, paths } from '~/paths'
import type { ListScope } from '~db/vocabulary'
import { batchWords, jobsText, verbsIn } from './batch-words'
import { LinkButton } from './button'
import { FormErrors, PostForm, type Reply, Select, SubmitButton } from './forms'
import { Notice } from './Notice'
import { FormActions, Section } from './page'
import { useReplyForm } from './reply-form'

interface NewBatchProps {
  scope: ListScope
  /** The list's query string: all that match, unless jobs were picked. */
  query: string
  reply: Reply | undefined
}

interface Sent extends Record<string, unknown> {
  verb?: string
  scope?: string
  query?: string
  picked?: string
  id?: string | string[]
  all?: string
}

/** What was sent from a list and lacks something, with all of it kept; or a batch of all that match a filter. */
export function NewBatch({ scope: asked, query: askedQuery, reply }: NewBatchProps) {
  const sent = (reply?.reply.initialValue ?? {}) as Sent
  const [form, fields] = useReplyForm<Sent>({ id: 'new-batch', reply, defaultValue: { verb: '' } })
  const scope = reply ? (sent.scope === 'all' ? 'all' : 'own') : asked
  const query = reply ? (sent.query ?? '') : askedQuery
  const ids = [...new Set([...(sent.picked?.split(',') ?? []), ...[sent.id ?? []].flat()])].filter(Boolean)
  // nothing that was sent means all jobs, unless it says so
  const all = reply ? sent.all : query === '' ? 'true' : '1'
  const isAll = Boolean(all)
  const isNone = !isAll && ids.length === 0
  const others = Object.entries(form.allErrors).filter(([name]) => name !== '' && name !== 'verb')
  return (
    <PostForm form={form} action={paths.newBatch(scope)}>
      <Section title={isAll ? 'All jobs that match' : isNone ? 'No job is selected' : jobsText(ids.length)}>
        <div className="flex flex-col gap-4">
          <FormErrors form={form} reply={reply} />
          {others.length > 0 && (
            <Notice tone="danger" role="alert">
              {others.flatMap(([name, messages]) =>
                messages.map((message) => <p key={name + message}>{message}</p>),
              )}
            </Notice>
          )}
          {isAll && (
            <p className="text-ink-2">
              {query === '' ? (
                'No filter: every job of the list.'
              ) : (
                <code className="font-mono text-xs wrap-anywhere">{decoded(query)}</code>
              )}
            </p>
          )}
          {!isNone && (
            <Select field={fields.verb} label="What is to be done">
              <option value="">Choose…</option>
              {verbsIn(scope).map((verb) => (
                <option key={verb} value={verb}>
                  {batchWords[verb].label}
                </option>
              ))}
            </Select>
          )}
          <input type="hidden" name="scope" value={scope} />
          <input type="hidden" name="query" value={query} />
          {isAll ? (
            <input type="hidden" name="all" value={all} />
          ) : (
            <input type="hidden" name="picked" value={ids.join(',')} />
          )}
          <FormActions>
            {!isNone && <SubmitButton pendingLabel="Looking…">Go on…</SubmitButton>}
            <LinkButton to={paths.list(scope, listPlace(query))} variant="quiet">
              Back to the list
            </LinkButton>
          </FormActions>
        </div>
      </Section>
    </PostForm>
  )
}

/** As people read it. */
const decoded = (query: string) =>
  [...new URLSearchParams(query)]
    .filter(([name]) => name !== 'picked')
    .map(([name, value]) => `${name}: ${value}`)
    .join(' · ')
