import type { ReactNode } from 'react'
import type { Permission } from '~/domain/policy'
import type { JobVerbPath } from '~/paths'
import { LinkButton } from './button'
import type { Reply } from './forms'
import { useJobPlace } from './job-place'
import { Notice } from './Notice'
import { Section } from './page'
import { type VerbFields, VerbForm, type VerbValue } from './VerbForm'
import { verbWords } from './verb-words'

interface VerbPanelProps {
  verb: JobVerbPath
  job: { id: string; version: number }
  permission: Permission
  reply: Reply | undefined
  /** What is worth knowing before it is done, beyond what the verb says of itself. */
  children?: ReactNode
  fields?: (fields: VerbFields) => ReactNode
  /** What they hold at first. */
  values?: VerbValue
}

/** One verb on its own page, above the job: what it does, its form, and what stood in its way. */
export function VerbPanel({ verb, job, permission, reply, children, fields, values }: VerbPanelProps) {
  const { title, says, back = 'Back to the job' } = verbWords[verb]
  const place = useJobPlace()
  const wayBack = (
    <LinkButton to={place.job(job.id)} variant="quiet">
      {back}
    </LinkButton>
  )
  if (!permission.allowed && !reply) {
    return (
      <Section title={title}>
        <div className="flex flex-col gap-3">
          <Notice tone="warn">
            <p>{permission.reason}</p>
          </Notice>
          <div>{wayBack}</div>
        </div>
      </Section>
    )
  }
  return (
    <Section title={title}>
      <VerbForm
        key={job.id}
        verb={verb}
        job={job}
        reply={reply}
        also={wayBack}
        fields={fields}
        values={values}
        open={permission.allowed}
      >
        {says && <p className="max-w-2xl text-ink-2">{says}</p>}
        {children}
      </VerbForm>
    </Section>
  )
}
