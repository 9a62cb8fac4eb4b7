import { Link } from '@remix-run/react'
import { starters } from '~/domain/templates/starters'
import type { TemplateView } from '~/domain/templates/view'
import { paths } from '~/paths'
import { LinkButton } from './button'
import { EmptyState } from './EmptyState'
import { FileText, Plus } from './icons'
import { Name } from './name'

interface TemplateListProps {
  templates: Pick<TemplateView, 'id' | 'name' | 'description' | 'shared' | 'ownerId' | 'ownerName'>[]
  viewerId: string
}

/** One's own templates, then what others share. */
export function TemplateList({ templates, viewerId }: TemplateListProps) {
  if (templates.length === 0) {
    return (
      <EmptyState
        Icon={FileText}
        title="Never type the same job twice"
        actions={
          <LinkButton to={paths.newTemplate()} variant="primary">
            <Plus aria-hidden />
            New template
          </LinkButton>
        }
        below={
          <div className="rounded-lg border border-line p-2">
            <h3 className="px-2 py-1 text-left text-xs font-medium text-ink-2">Or start from one of these</h3>
            <StarterLinks />
          </div>
        }
      >
        <p>
          A template is a job with blanks in it. Fill them in by hand, or let a schedule hand it in by the
          clock. Every job’s page can be saved as one.
        </p>
      </EmptyState>
    )
  }
  return (
    <ul className="divide-y divide-line">
      {templates.map((template) => (
        <li key={template.id} className="relative flex flex-col gap-0.5 px-4 py-3 hover:bg-hover">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <Link
              to={paths.template(template.id)}
              data-row={template.id}
              className="font-medium wrap-anywhere after:absolute after:inset-0"
            >
              <Name>{template.name}</Name>
            </Link>
            <span className="text-xs text-ink-2">
              {template.ownerId !== viewerId ? (
                <>
                  shared by <Name>{template.ownerName}</Name>
                </>
              ) : (
                template.shared && 'shared'
              )}
            </span>
          </p>
          {template.description && (
            <p className="line-clamp-2 text-xs text-ink-2 wrap-anywhere">{template.description}</p>
          )}
        </li>
      ))}
    </ul>
  )
}

/** Each fills the form of a new template. */
function StarterLinks() {
  return (
    <ul className="flex flex-col gap-1">
      {starters.map(({ slug, name, description }) => (
        <li key={slug}>
          <Link
            to={paths.newTemplate({ starter: slug })}
            className="flex flex-col rounded-md px-2 py-1.5 text-left hover:bg-hover"
          >
            <span className="text-accent">{name}</span>
            <span className="text-xs text-ink-2">{description}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
