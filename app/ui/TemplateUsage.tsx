import { Link } from '@remix-run/react'
import type { TemplateUsage as Usage } from '~/domain/templates/view'
import { paths } from '~/paths'
import { Notice } from './Notice'
import { Name } from './name'

/** Which schedules use a template, before it is removed. */
export function TemplateUsage({ usage: { schedules, total } }: { usage: Usage }) {
  const others = total - schedules.length
  return (
    <Notice
      tone="warn"
      title={total === 1 ? 'A schedule uses this template' : `${total} schedules use this template`}
    >
      <ul className="list-disc pl-4">
        {schedules.map(({ id, name, ownerName }) => (
          <li key={id}>
            <Link to={paths.schedule(id)} className="underline">
              <Name>{name}</Name>
            </Link>{' '}
            <span className="text-ink-2">
              of <Name>{ownerName}</Name>
            </span>
          </li>
        ))}
        {others > 0 && <li>{schedules.length > 0 ? `${others} more` : `${others} of other people`}</li>}
      </ul>
      <p>Without it they create no more jobs, and show as failing until they are removed.</p>
    </Notice>
  )
}
