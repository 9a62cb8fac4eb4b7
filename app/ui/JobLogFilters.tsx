import { Form, Link } from '@remix-run/react'
import { isFiltered } from '~/domain/jobs/log-filter'
import type { JobView } from '~/domain/jobs/view'
import { buttonClass } from './button'
import { useJobPlace } from './job-place'
import type { ShownLog } from './live-job'
import { logLooks } from './log-words'
import { plainName } from './name'

const groups = [
  ['changes', 'Changes of the job'],
  ['messages', 'What the agent says'],
  ['calls', 'Calls and usage'],
  ['errors', 'What went wrong'],
] as const

interface JobLogFiltersProps {
  job: Pick<JobView, 'id' | 'attemptCount'>
  agents: Record<string, string>
  log: ShownLog
}

/** Narrows the log down: a form of its own, whose answer is an address. */
export function JobLogFilters({ job, agents: names, log: { filter, errors } }: JobLogFiltersProps) {
  const jobId = job.id
  const problems = Object.values(errors).flat().join(' ')
  const place = useJobPlace()
  const agents = Object.entries(names)
  const [path = '', search = ''] = place.log(jobId, {}).replace(/#.*$/, '').split('?')
  const control = 'control h-7 w-auto max-w-full py-0! pr-7 text-xs!'
  return (
    <Form
      action={`${path}#log`}
      preventScrollReset
      aria-label="Narrow the log down"
      className="mb-3 flex flex-wrap items-center gap-2 border-b border-line pb-3 print:hidden"
    >
      {/* the list beside it stays as it is */}
      {[...new URLSearchParams(search)].map(([name, value]) => (
        <input key={`${name} ${value}`} type="hidden" name={name} value={value} />
      ))}
      <select
        name="logKind"
        aria-label="Kind"
        defaultValue={filter.kind ?? ''}
        key={`k${filter.kind}`}
        className={control}
      >
        <option value="">Everything</option>
        {groups.map(([group, label]) => (
          <option key={group} value={group}>
            {label}
          </option>
        ))}
        <optgroup label="One kind">
          {Object.entries(logLooks).map(([kind, { words }]) => (
            <option key={kind} value={kind}>
              {words}
            </option>
          ))}
        </optgroup>
      </select>
      {agents.length > 1 && (
        <select
          name="logAgent"
          aria-label="Agent"
          defaultValue={filter.agent ?? ''}
          key={`a${filter.agent}`}
          className={control}
        >
          <option value="">Any agent</option>
          {agents.map(([id, name]) => (
            <option key={id} value={id}>
              {plainName(name)}
            </option>
          ))}
        </select>
      )}
      {job.attemptCount > 1 && (
        <input
          type="number"
          name="logAttempt"
          aria-label="Attempt"
          placeholder={`Attempt 1 to ${job.attemptCount}`}
          min={1}
          max={job.attemptCount}
          defaultValue={filter.attempt}
          key={`n${filter.attempt}`}
          className={`${control} min-w-36 pr-2!`}
        />
      )}
      <button type="submit" className={buttonClass({ size: 'small' })}>
        Filter
      </button>
      {isFiltered(filter) && (
        <Link to={place.log(jobId, {})} className="text-xs text-accent underline">
          Clear
        </Link>
      )}
      {problems && (
        <p role="alert" className="basis-full text-danger">
          {problems}
        </p>
      )}
    </Form>
  )
}
