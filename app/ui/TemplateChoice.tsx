import { Link } from '@remix-run/react'
import type { TemplateView } from '~/domain/templates/view'
import { paths } from '~/paths'
import { LinkButton } from './button'
import { EmptyState } from './EmptyState'
import { Clock } from './icons'
import { Name } from './name'
import { Card } from './page'

/** Which template a new schedule is of. */
export function TemplateChoice({
  templates,
}: {
  templates: Pick<TemplateView, 'id' | 'name' | 'description'>[]
}) {
  if (templates.length === 0) {
    return (
      <Card>
        <EmptyState
          Icon={Clock}
          title="A template comes first"
          actions={
            <LinkButton to={paths.newTemplate()} variant="primary">
              New template
            </LinkButton>
          }
        >
          <p>A schedule hands in jobs from a template: what is asked for again and again, written once.</p>
        </EmptyState>
      </Card>
    )
  }
  return (
    <Card className="overflow-hidden">
      <ul className="divide-y divide-line">
        {templates.map(({ id, name, description }) => (
          <li key={id}>
            <Link to={paths.newSchedule(id)} className="flex flex-col gap-0.5 px-4 py-2.5 hover:bg-hover">
              <Name className="font-medium wrap-anywhere">{name}</Name>
              {description && <span className="line-clamp-2 text-xs text-ink-2">{description}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  )
}
