import { Button } from './button'
import { ArrowUp } from './icons'
import type { LiveList } from './live-list'

/** Says that the list has more by now, above the rows and without moving them. */
export function FreshRows({
  fresh,
  isWhole,
  isNew,
  show,
}: Pick<LiveList, 'fresh' | 'isWhole' | 'isNew' | 'show'>) {
  const count = `${fresh.toLocaleString('en')}${isWhole ? ' or more' : ''}`
  const what = isNew
    ? `new ${fresh === 1 ? 'job' : 'jobs'}`
    : fresh === 1
      ? 'job has come up'
      : 'jobs have come up'
  return (
    <div
      role="status"
      className="sticky top-2 z-10 -my-2.5 flex h-0 items-center justify-center print:hidden"
    >
      {fresh > 0 && (
        <Button variant="primary" size="small" className="rounded-full! px-3! shadow-lg" onClick={show}>
          <ArrowUp aria-hidden />
          {count} {what}
        </Button>
      )}
    </div>
  )
}
