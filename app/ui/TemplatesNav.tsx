import { paths } from '~/paths'
import { Place } from './Place'

const tabs = [
  { to: paths.templates, label: 'Templates' },
  { to: paths.schedules, label: 'Schedules' },
] as const

/** What is asked for again and again: by hand, and by the clock. Across the top of both. */
export function TemplatesNav() {
  return (
    <nav aria-label="Templates and schedules" className="-mx-1 mb-2 flex flex-wrap gap-0.5">
      {tabs.map(({ to, label }) => (
        <Place key={to} to={to} className="px-2.5 py-1">
          {label}
        </Place>
      ))}
    </nav>
  )
}
