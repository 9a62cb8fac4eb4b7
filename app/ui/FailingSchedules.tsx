import { Link } from '@remix-run/react'
import { maxFailingCounted } from '~/domain/schedules/view'
import { paths } from '~/paths'
import { Notice } from './Notice'

/** Tells people above their jobs that schedules of theirs are failing: what was never created is in no list. */
export function FailingSchedules({ count }: { count: number }) {
  if (count === 0) return null
  const many = count < maxFailingCounted ? count : `${maxFailingCounted} or more`
  return (
    <Notice tone="warn">
      <Link to={paths.scheduleList({ failing: 'true' })} className="underline underline-offset-3">
        {count === 1 ? '1 of your schedules is failing' : `${many} of your schedules are failing`}
      </Link>
    </Notice>
  )
}
