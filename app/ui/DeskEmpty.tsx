import { type DeskPlace, paths } from '~/paths'
import { LinkButton } from './button'
import { EmptyState } from './EmptyState'
import { Inbox, SearchX } from './icons'

/** Where the desk has nothing to show: nobody has handed in a job, the filter finds none, or this page has run empty. */
export function DeskEmpty({ at, misread }: { at: DeskPlace; misread: boolean }) {
  const { cursor, ...filters } = at
  const filtered = Object.values(filters).some(Boolean)
  if (misread) {
    return (
      <EmptyState
        Icon={SearchX}
        title="That filter means nothing here"
        actions={<LinkButton to={paths.desk()}>Show all jobs</LinkButton>}
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
        actions={<LinkButton to={paths.desk(filters)}>To the newest</LinkButton>}
      />
    )
  }
  if (filtered) {
    return (
      <EmptyState
        Icon={SearchX}
        title="No job matches"
        actions={<LinkButton to={paths.desk()}>Clear filters</LinkButton>}
      />
    )
  }
  return (
    <EmptyState
      Icon={Inbox}
      title="Nobody has handed in a job yet"
      actions={
        <LinkButton to={paths.newJob()} variant="primary">
          New job
        </LinkButton>
      }
    >
      <p>
        Everyone’s jobs are listed here. Open one to see its record, give it to another agent, or close it.
      </p>
    </EmptyState>
  )
}
