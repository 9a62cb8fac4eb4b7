import type { ReactNode } from 'react'
import type { JobPreview, Line } from '~/domain/jobs/preview'
import type { Permission } from '~/domain/policy'
import type { JobVerbPath } from '~/paths'
import type { Reply } from './forms'
import { LongText } from './LongText'
import { type VerbFields, VerbPanel } from './VerbPanel'
import { VerbPreview } from './VerbPreview'

interface DeskVerbPanelProps {
  verb: JobVerbPath
  preview: JobPreview & { lines?: Line[] }
  permission: Permission
  reply: Reply | undefined
  fields?: (fields: VerbFields) => ReactNode
}

/** A verb at the admins' desk: what will happen, then its form. */
export function DeskVerbPanel({ verb, preview, permission, reply, fields }: DeskVerbPanelProps) {
  return (
    <VerbPanel verb={verb} job={preview.job} permission={permission} reply={reply} fields={fields}>
      {verb === 'answer' && preview.question && (
        <blockquote className="border-l-2 border-input-required pl-3">
          <LongText text={preview.question} />
        </blockquote>
      )}
      <VerbPreview verb={verb} preview={preview} />
    </VerbPanel>
  )
}
