import { Link, useLocation } from '@remix-run/react'
import type { BatchView, ImportView } from '~/domain/batches/view'
import { lengthText } from '~/domain/length'
import { listPlace, paths } from '~/paths'
import { BatchStateBadge } from './BatchStateBadge'
import { RetryBatchForm, StopBatchForm } from './BatchVerbs'
import { jobsText } from './batch-words'
import { FormErrors, type Reply } from './forms'
import { RefreshCw } from './icons'
import { Notice } from './Notice'
import { Name } from './name'
import { Properties, Property, Section } from './page'
import { useReplyForm } from './reply-form'
import { Time } from './time'
import { useRefresh } from './use-refresh'

interface BatchProgressProps {
  batch: BatchView
  isMine: boolean
  reply: Reply | undefined
}

/** How far it is, and what it was asked. While it runs the page is read again every second. */
export function BatchProgress({ batch, isMine, reply }: BatchProgressProps) {
  const { state, total, done, refused, startedAt, endedAt } = batch
  const isRunning = state === 'RUNNING'
  const left = total - done - refused
  const isImport = batch.verb === 'import'
  const listed = isImport ? done : total
  const [form] = useReplyForm({ id: 'batch', reply })
  useRefresh(isRunning ? 1000 : null)
  return (
    <div className="grid grid-cols-1 gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <Section
        title={
          <span className="flex items-center gap-2">
            Progress <BatchStateBadge batch={batch} />
          </span>
        }
        actions={
          <>
            {isRunning && <RefreshLink />}
            {isRunning && <StopBatchForm batch={batch} />}
            {!isRunning && refused + left > 0 && <RetryBatchForm batch={batch} />}
          </>
        }
      >
        <div className="flex flex-col gap-3">
          <FormErrors form={form} />
          <progress
            max={Math.max(total, 1)}
            value={done + refused}
            aria-label={isImport ? 'Rows worked through' : 'Jobs worked through'}
            className="h-2 w-full appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
          />
          <p role="status" className="flex flex-wrap gap-x-4 gap-y-1 tabular-nums">
            <span className="font-medium">{done.toLocaleString('en')} done</span>
            <span className={refused > 0 ? 'text-danger' : 'text-ink-2'}>
              {refused.toLocaleString('en')} refused
            </span>
            <span className="text-ink-2">
              {left.toLocaleString('en')} {isRunning ? 'to go' : 'left alone'}
            </span>
          </p>
          {batch.note && (
            <Notice tone="warn">
              <p>{batch.note}</p>
            </Notice>
          )}
          {listed > 0 && (
            <p>
              <Link
                to={paths.list(isMine ? batch.scope : 'all', { q: `batch:${batch.id}` })}
                className="text-accent underline"
              >
                See {listed === 1 ? 'this job' : `these ${jobsText(listed)}`} in the list
              </Link>
            </p>
          )}
        </div>
      </Section>
      <Section title="What was asked">
        <Properties>
          <Property name="By">
            <Name>{batch.actorName}</Name>
          </Property>
          <Property name="Whose jobs">
            {batch.scope === 'all' ? 'everyone’s' : isMine ? 'yours' : 'their own'}
          </Property>
          {batch.import && <ImportSource source={batch.import} />}
          <Property name={isImport ? 'Rows' : 'Jobs'}>
            {batch.retryOf ? (
              <>
                what was left of{' '}
                <Link to={paths.batch(batch.retryOf)} className="text-accent underline">
                  an earlier batch
                </Link>
              </>
            ) : isImport ? (
              'of a CSV file'
            ) : batch.filter === null ? (
              'picked one by one'
            ) : (
              <Link
                to={paths.list(batch.scope, listPlace(batch.filter))}
                className="text-accent underline wrap-anywhere"
              >
                {batch.filter === '' ? 'all of the list' : 'all that matched a filter'}
              </Link>
            )}
          </Property>
          {batch.args.reason && (
            <Property name="Reason">
              <span className="whitespace-pre-line wrap-anywhere" dir="auto">
                {batch.args.reason}
              </span>
            </Property>
          )}
          {startedAt !== null && (
            <Property name="Started">
              <Time at={startedAt} />
            </Property>
          )}
          {startedAt !== null && endedAt !== null && (
            <Property name="Took">{lengthText(Math.max(0, endedAt - startedAt))}</Property>
          )}
        </Properties>
      </Section>
    </div>
  )
}

function ImportSource({ source: { templateId, templateName, fileName } }: { source: ImportView }) {
  return (
    <>
      <Property name="Template">
        <Link to={paths.template(templateId)} className="text-accent underline wrap-anywhere">
          <Name>{templateName}</Name>
        </Link>
      </Property>
      {fileName && (
        <Property name="File">
          <span className="wrap-anywhere">
            <Name>{fileName}</Name>
          </span>
        </Property>
      )}
    </>
  )
}

/** For those without JavaScript, whose page reloads itself as well. */
function RefreshLink() {
  const { pathname, search } = useLocation()
  return (
    <noscript>
      <meta httpEquiv="refresh" content="3" />
      <Link to={pathname + search} className="inline-flex items-center gap-1 text-xs text-accent underline">
        <RefreshCw aria-hidden className="size-3.5" />
        Refresh
      </Link>
    </noscript>
  )
}
