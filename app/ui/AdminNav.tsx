import { paths } from '~/paths'
import { Place } from './Place'

const adminPlaces = [
  { to: paths.overview, label: 'Overview', end: true },
  { to: paths.desk(), label: 'All jobs', end: false },
  { to: paths.agents, label: 'Agents', end: false },
  { to: paths.users, label: 'Users', end: false },
  { to: paths.audit, label: 'Audit', end: false },
  { to: paths.retention, label: 'Retention', end: false },
  { to: paths.backups, label: 'Backups', end: false },
] as const

/** The admins' pages, across the top of each of them. */
export function AdminNav() {
  return (
    <nav aria-label="Admin" className="border-t border-line">
      <div className="mx-auto flex max-w-page flex-wrap gap-0.5 px-1.5 py-1.5 max-[28rem]:grid max-[28rem]:grid-cols-3 sm:px-3.5">
        {adminPlaces.map(({ to, label, end }) => (
          <Place key={to} to={to} end={end} className="px-2.5 py-1">
            {label}
          </Place>
        ))}
      </div>
    </nav>
  )
}
