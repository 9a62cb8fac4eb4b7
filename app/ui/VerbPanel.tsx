import type { ReactNode } from 'react'
import type { Permission } from '~/domain/policy'
import { paths } from '~/paths'
import { LinkButton } from './button'
import type { Reply } from './forms'
import { Notice } from './Notice'
import { Section } from './page'
import { VerbForm } from './VerbForm'

type VerbFormLook = Omit<Parameters<typeof VerbForm>[0], 'job' | 'reply' | 'also'>

interface VerbPanelProps extends VerbFormLook {
  title: string
  children?: ReactNode
  job: { id: string; version: number }
  permission: Permission
  reply: Reply | undefined
  /** The way back's words. */
  back?: string
}

/** One verb on its own page, above the job: what it does, its form, and what stood in its way. */
export function VerbPanel({
  title,
  children,
  job,
  permission,
  reply,
  back = 'Back to the job',
  ...look
}: VerbPanelProps) {
  const wayBack = (
    <LinkButton to={paths.job(job.id)} variant="quiet">
      {back}
    </LinkButton>
  )
  return (
    <Section title={title}>
      <div className="flex flex-col gap-3">
        {permission.allowed ? (
          <>
            {children && <div className="max-w-prose text-ink-2">{children}</div>}
            <VerbForm job={job} reply={reply} also={wayBack} {...look} />
          </>
        ) : (
          <>
            <Notice tone="warn" role={reply ? 'alert' : undefined}>
              <p>{permission.reason}</p>
            </Notice>
            <div>{wayBack}</div>
          </>
        )}
      </div>
    </Section>
  )
}
