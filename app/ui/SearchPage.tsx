import { Form, Link } from '@remix-run/react'
import type { ReactNode } from 'react'
import type { FoundAgent } from '~/domain/search/view'
import { paths } from '~/paths'
import type { JobStatus } from '~db/vocabulary'
import { Button } from './button'
import { EmptyState } from './EmptyState'
import { Bot, SearchX } from './icons'
import { JobStatusBadge } from './JobStatusBadge'
import { useHints } from './keys/hints'
import { Notice } from './Notice'
import { Name } from './name'
import { Page, PageHeader, Section } from './page'
import { Time } from './time'

interface FoundJob {
  id: string
  name: string
  status: JobStatus
  userId: string
  ownerName: string
  createdAt: number
}

interface SearchPageProps {
  q: string
  viewer: { id: string; isAdmin: boolean }
  /** Why nothing was looked for. */
  errors: string[]
  jobs: FoundJob[]
  agents: FoundAgent[]
  /** Whether there are more jobs than these. */
  hasMore: boolean
}

/** What the palette finds, as a page. */
export function SearchPage({ q, viewer, errors, jobs, agents, hasMore }: SearchPageProps) {
  const hint = useHints()
  const isAsked = q !== '' && errors.length === 0
  return (
    <Page>
      <PageHeader
        title="Search"
        description={viewer.isAdmin ? 'Everyone’s jobs, and agents.' : 'Your jobs, and agents.'}
      />
      <Form key={q} role="search" aria-label="Search" action={paths.search()} className="flex flex-col gap-2">
        <div className="flex gap-2">
          <label htmlFor="search-q" className="sr-only">
            Words, a job’s id or an agent’s name
          </label>
          <input
            id="search-q"
            name="q"
            type="search"
            defaultValue={q}
            required
            maxLength={1000}
            placeholder="Words, a job’s id or an agent’s name"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            aria-invalid={errors.length > 0 || undefined}
            aria-describedby={errors.length > 0 ? 'search-error' : undefined}
            className="control h-8"
            {...hint('search')}
          />
          <Button type="submit">Search</Button>
        </div>
      </Form>
      {errors.length > 0 && (
        <Notice tone="danger" role="alert" id="search-error">
          {errors.map((message) => (
            <p key={message}>{message}</p>
          ))}
        </Notice>
      )}
      {isAsked && jobs.length === 0 && agents.length === 0 && (
        <EmptyState Icon={SearchX} title="Nothing is found">
          <p>No job and no agent has these words. A word is found by its beginning.</p>
        </EmptyState>
      )}
      {jobs.length > 0 && (
        <Section
          title="Jobs"
          flush
          actions={
            hasMore && (
              <Link
                to={paths.list(viewer.isAdmin ? 'all' : 'own', { q })}
                className="text-xs text-accent underline"
              >
                All that match
              </Link>
            )
          }
        >
          <ul className="divide-y divide-line">
            {jobs.map((job) => (
              <JobItem key={job.id} job={job} isOwn={job.userId === viewer.id} />
            ))}
          </ul>
        </Section>
      )}
      {agents.length > 0 && (
        <Section title="Agents" flush>
          <ul className="divide-y divide-line">
            {agents.map(({ id, name, state }) => (
              <Item key={id} to={viewer.isAdmin ? paths.agent(id) : paths.jobs({ agent: id })} name={name}>
                <Bot aria-hidden className="size-4 shrink-0 text-ink-3" />
                {!viewer.isAdmin && <span>your jobs for it</span>}
                {state !== 'ACTIVE' && <span>{state.toLowerCase()}</span>}
              </Item>
            ))}
          </ul>
        </Section>
      )}
    </Page>
  )
}

function JobItem({ job, isOwn }: { job: FoundJob; isOwn: boolean }) {
  const to = isOwn ? paths.job(job.id) : paths.deskJob(job.id)
  return (
    <Item to={to} name={job.name} id={job.id}>
      <span className="sm:w-32">
        <JobStatusBadge status={job.status} />
      </span>
      <Name className="sm:w-36 sm:truncate">{isOwn ? 'You' : job.ownerName}</Name>
      <Time at={job.createdAt} className="sm:w-28 sm:text-right" />
    </Item>
  )
}

interface ItemProps {
  to: string
  name: string
  /** The job's, where it is one. */
  id?: string
  children: ReactNode
}

function Item({ to, name, id, children }: ItemProps) {
  return (
    <li className="relative flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 hover:bg-hover">
      <Link
        to={to}
        data-job={id}
        className="min-w-0 flex-1 basis-48 font-medium wrap-anywhere after:absolute after:inset-0"
      >
        <Name>{name}</Name>
      </Link>
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-2">{children}</span>
    </li>
  )
}
