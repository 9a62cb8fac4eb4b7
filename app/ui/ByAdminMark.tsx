import { ShieldCheck } from './icons'

/** An admin has completed this job without a review, once: it says so ever after. `icon`: where there is no room. */
export function ByAdminMark({ look = 'whole' }: { look?: 'whole' | 'short' | 'icon' }) {
  const box = 'inline-flex items-center gap-1 text-xs font-medium whitespace-nowrap text-ink-2'
  const pill = look === 'icon' ? '' : 'h-5.5 rounded-full border border-line px-2'
  return (
    <span
      data-by-admin
      title={look === 'whole' ? undefined : 'Completed by admin'}
      className={`${box} ${pill}`}
    >
      <ShieldCheck aria-hidden className="size-3.5 shrink-0 text-ink-3" />
      {look === 'short' ? (
        <span>
          <span className="sr-only">Completed </span>by admin
        </span>
      ) : (
        <span className={look === 'icon' ? 'sr-only' : undefined}>Completed by admin</span>
      )}
    </span>
  )
}
