import type { TokenScope } from '~/domain/accounts/limits'
import { FieldError, type FieldMeta } from './forms'

const scopes: Record<TokenScope, { label: string; description: string }> = {
  read: { label: 'Read', description: 'See jobs, results and logs, follow events, and export.' },
  write: { label: 'Write', description: 'Create and change jobs, templates and schedules. Includes read.' },
  admin: {
    label: 'Admin',
    description: 'Everything under /api/admin: all jobs, agents, people and backups.',
  },
}

/** What a token may, as checkboxes; `admin` is offered to admins only. */
export function ScopeFields({ field, isAdmin }: { field: FieldMeta; isAdmin: boolean }) {
  const chosen = [field.initialValue].flat()
  const offered: TokenScope[] = isAdmin ? ['read', 'write', 'admin'] : ['read', 'write']
  return (
    <fieldset aria-describedby={field.errors && field.errorId} className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 font-medium">What it may do</legend>
      {offered.map((scope) => {
        const id = `${field.id}-${scope}`
        return (
          <div key={scope} className="flex items-start gap-2">
            <input
              id={id}
              type="checkbox"
              name={field.name}
              value={scope}
              defaultChecked={chosen.includes(scope)}
              aria-describedby={`${id}-about`}
              className="mt-0.5 size-4 shrink-0 accent-accent"
            />
            <div className="min-w-0">
              <label htmlFor={id} className="font-medium">
                {scopes[scope].label}
              </label>
              <div id={`${id}-about`} className="text-xs text-ink-2">
                {scopes[scope].description}
              </div>
            </div>
          </div>
        )
      })}
      <FieldError field={field} />
    </fieldset>
  )
}

/** A token's scopes in one line. */
export const scopesText = (granted: TokenScope[] | null): string =>
  granted === null ? 'everything' : granted.map((each) => scopes[each].label.toLowerCase()).join(', ')
