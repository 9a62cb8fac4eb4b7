import { type ListPlace, listQuery, paths } from '~/paths'
import type { ListScope } from '~db/vocabulary'
import { LinkButton } from './button'
import { EmptyState } from './EmptyState'
import { ExampleLinks } from './ExampleLinks'
import { Inbox, Plus, SearchX } from './icons'

interface JobsEmptyProps {
  scope: ListScope
  at: ListPlace
  misread: boolean
}

/** Where a list has nothing to show: the filter means nothing, this page has run empty, nothing matches, or nobody has handed in a job. */
export function JobsEmpty({ scope, at, misread }: JobsEmptyProps) {
  const { cursor, sort, ...filter } = at
  if (misread) {
    return (
      <EmptyState
        Icon={SearchX}
        title="That filter means nothing here"
        actions={<LinkButton to={paths.list(scope)}>Show all jobs</LinkButton>}
      >
        <p>What is wrong with it is said above.</p>
      </EmptyState>
    )
  }
  if (cursor) {
    return (
      <EmptyState
        Icon={SearchX}
        title="No job is on this page any more"
        actions={<LinkButton to={paths.list(scope, { ...at, cursor: null })}>To the first page</LinkButton>}
      />
    )
  }
  if (listQuery(filter)) {
    return (
      <EmptyState
        Icon={SearchX}
        title="No job matches"
        actions={<LinkButton to={paths.list(scope)}>Clear filters</LinkButton>}
      />
    )
  }
  return scope === 'own' ? <HandInFirst /> : <NobodyYet />
}

const newJob = (
  <LinkButton to={paths.newJob()} variant="primary">
    <Plus aria-hidden />
    New job
  </LinkButton>
)

function HandInFirst() {
  return (
    <EmptyState
      Icon={Inbox}
      title="Hand in your first job"
      actions={newJob}
      below={
        <div className="rounded-lg border border-line p-2">
          <h3 className="px-2 py-1 text-left text-xs font-medium text-ink-2">Or start from an example</h3>
          <ExampleLinks />
        </div>
      }
    >
      <p>
        Say what is to be done and what you will judge the result by. An agent does it, every step is on the
        record, and you accept the result or send it back.
      </p>
    </EmptyState>
  )
}

function NobodyYet() {
  return (
    <EmptyState Icon={Inbox} title="Nobody has handed in a job yet" actions={newJob}>
      <p>
        Everyone’s jobs are listed here. Open one to see its record, give it to another agent, or close it.
      </p>
    </EmptyState>
  )
}
